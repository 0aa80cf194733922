package io.vitrail.cli;

import com.sun.jna.NativeLibrary;

/**
 * Let the process end without the ends of its native libraries.
 *
 * <p>libtorch takes a tenth of a second to strike off its operators, one by one, from a memory that
 * is given back as a whole right then.
 */
final class QuickEnd {
    private QuickEnd() {}

    /**
     * Leave out the ends of the libraries that are loaded by now.
     *
     * <p>What was registered last is called first when a process ends, with the exit code; and
     * {@code _exit} does not return to the rest. By then all of Java's own has ended. A system
     * without {@code on_exit} ends as ever.
     */
    static void ofLibraries() {
        try {
            NativeLibrary process = NativeLibrary.getProcess();
            process.getFunction("on_exit")
                    .invokeInt(new Object[] {process.getGlobalVariableAddress("_exit"), null});
        } catch (LinkageError e) {
            // it takes its time then
        }
    }
}
