package io.vitrail.cli;

import com.google.inject.Guice;

/** Start the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Launcher launcher = Guice.createInjector(new Wiring()).getInstance(Launcher.class);
        int code = launcher.run(arguments);
        if (code == ExitCode.DONE.number()) {
            ClassArchive.keep();
        }
        System.exit(code);
    }
}
