package io.vitrail.format.keras.file;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bound the time that a hostile file can take.
 *
 * <p>An HDF5 index can be built so that following it takes for ever, and the library cannot be
 * interrupted; it is left behind on a thread that does not keep the program alive.
 */
final class Deadline {
    private static final long SECONDS = 60; // a sound file takes milliseconds

    private Deadline() {}

    static <T> T run(String file, Callable<T> work) {
        return run(file, SECONDS, work);
    }

    static <T> T run(String file, long seconds, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "reading " + file);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get(seconds, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw Refusal.at(
                    file,
                    "the HDF5 structure",
                    "it was not read within " + seconds + " seconds",
                    "do not trust this file; or copy it to a local disk, if it is on a slow one");
        } catch (ExecutionException e) {
            throw rethrown(file, e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(String file, Throwable cause) {
        if (cause instanceof RuntimeException e) {
            return e;
        }
        if (cause instanceof StackOverflowError) {
            return Refusal.at(
                    file, "the configuration", "it is nested without end", Refusal.SAVE_AGAIN);
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(cause);
    }
}
