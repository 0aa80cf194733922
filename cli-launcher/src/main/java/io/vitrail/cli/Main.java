package io.vitrail.cli;

import com.google.inject.Guice;
import java.util.List;

/** Start the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        HeadStart engine = HeadStart.of(arguments);
        Launcher launcher = Guice.createInjector(new Wiring()).getInstance(Launcher.class);
        int code = launcher.run(arguments);
        List<String> further = ClassArchive.call();
        if (code == ExitCode.DONE.number() && !further.isEmpty()) {
            code = launcher.run(further.toArray(String[]::new));
        }
        if (code == ExitCode.DONE.number()) {
            ClassArchive.keep();
        }
        engine.end();
        System.exit(code);
    }
}
