package io.vitrail.cli;

import com.google.inject.Inject;

/** Draw one line of progress on a terminal; elsewhere nothing. Safe for several threads. */
final class Progress {
    private final Console console;
    private final GlobalOptions global;
    private int drawn;

    @Inject
    Progress(Console console, GlobalOptions global) {
        this.console = console;
        this.global = global;
    }

    /** Replace the line. */
    synchronized void show(String text) {
        if (console.watched().err() && !global.quiet) {
            String line = text.length() > 78 ? text.substring(0, 78) : text;
            console.err().print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
            console.err().flush();
            drawn = line.length();
        }
    }

    /** Take the line away. */
    synchronized void clear() {
        if (drawn > 0) {
            console.err().print("\r" + " ".repeat(drawn) + "\r");
            console.err().flush();
            drawn = 0;
        }
    }

    /** Print a warning above the line, unless nobody wants any. */
    synchronized void warn(String text) {
        clear();
        if (!global.quiet) {
            console.warning(text);
        }
    }

    /** Print what one may like to know, unless nobody wants any. */
    synchronized void note(String text) {
        clear();
        if (!global.quiet) {
            console.note(text);
        }
    }

    /** Print what went wrong, wanted or not. */
    synchronized void error(String text) {
        clear();
        console.error("vitrail", text);
    }
}
