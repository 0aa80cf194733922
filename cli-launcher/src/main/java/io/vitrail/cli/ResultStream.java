package io.vitrail.cli;

import io.vitrail.api.FileProblem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Print results, and remember why they could not be printed, which a print stream does not. */
final class ResultStream extends PrintStream {
    private final Noting noting;

    ResultStream(OutputStream to) {
        this(new Noting(to));
    }

    private ResultStream(Noting noting) {
        // the platform's own charset is ASCII where no locale is set; labels are not
        super(noting, true, StandardCharsets.UTF_8);
        this.noting = noting;
    }

    private static final class Noting extends FilterOutputStream {
        private String problem = "";

        Noting(OutputStream to) {
            super(to);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                out.write(bytes, from, count);
            } catch (IOException e) {
                problem = FileProblem.said(e);
                throw e;
            }
        }
    }

    /** Return why something could not be printed; empty if all was. */
    String problem() {
        return checkError() ? noting.problem : "";
    }

    /** Return whether nobody reads any more, as behind {@code | head}: no news to its user. */
    boolean left() {
        return problem().equals("broken pipe");
    }
}
