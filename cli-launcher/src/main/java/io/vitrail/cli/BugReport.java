package io.vitrail.cli;

import com.google.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keep what is needed to mend an error of Vitrail itself, and spare the user the sight of it. */
final class BugReport {
    private final Version version;

    @Inject
    BugReport(Version version) {
        this.version = version;
    }

    /** Write the trace to a file; return the text for the user. */
    String of(Throwable thrown) {
        StringWriter trace = new StringWriter();
        for (String line : version.getVersion()) {
            trace.append(line).append(System.lineSeparator());
        }
        thrown.printStackTrace(new PrintWriter(trace, true));
        return "this is a bug of Vitrail, not of yours: "
                + thrown
                + "\n  please report it with "
                + keep(trace.toString());
    }

    private static String keep(String trace) {
        try {
            Path file = Files.createTempFile("vitrail-bug-", ".txt");
            Files.writeString(file, trace);
            return file.toString();
        } catch (IOException e) {
            return "this:\n" + trace;
        }
    }
}
