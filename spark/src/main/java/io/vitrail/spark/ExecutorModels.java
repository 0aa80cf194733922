package io.vitrail.spark;

import io.vitrail.api.Model;
import io.vitrail.runtime.Sidecar;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keep the models of this JVM, each loaded once however many tasks run it.
 *
 * <p>Static, for nothing else outlives a task: Spark has no object of ours on an executor. A model
 * that no task runs stays for the next one, until another is loaded.
 */
final class ExecutorModels {
    private static final Map<Key, Held> HELD = new HashMap<>();
    private static int loads;

    private ExecutorModels() {}

    private record Key(EngineChoice engine, Path file, String stamp, @Nullable Sidecar sidecar) {}

    /** A model and who runs it; guarded by the map's lock. */
    private static final class Held {
        private final Vitrail vitrail;
        private final Model model;
        private int users;

        Held(Vitrail vitrail, Model model) {
            this.vitrail = vitrail;
            this.model = model;
        }

        private void close() {
            model.close();
            vitrail.close();
        }
    }

    /** A model for one task; closing it twice does nothing. */
    static final class Lease implements AutoCloseable {
        private final Held held;
        private boolean over;

        private Lease(Held held) {
            this.held = held;
        }

        Vitrail vitrail() {
            return held.vitrail;
        }

        Model model() {
            return held.model;
        }

        @Override
        public void close() {
            synchronized (HELD) {
                if (!over) {
                    over = true;
                    held.users--;
                }
            }
        }
    }

    /**
     * Lend a model, loaded now if it is not there.
     *
     * @throws io.vitrail.api.VitrailException if it is missing or refused
     */
    static Lease lend(EngineChoice engine, SentFile sent) {
        synchronized (HELD) { // the tasks that begin together wait for the one that loads
            Path file = sent.onExecutor();
            Key key = new Key(engine, file, sent.stamp(file), sent.sidecar());
            Held held = HELD.get(key);
            if (held == null) {
                closeIdle();
                sent.check(file);
                held = load(engine, file, sent.sidecar());
                HELD.put(key, held);
            }
            held.users++;
            return new Lease(held);
        }
    }

    private static Held load(EngineChoice engine, Path file, @Nullable Sidecar sidecar) {
        Vitrail vitrail = engine.open();
        try {
            Model model = sidecar == null ? vitrail.load(file) : vitrail.load(file, sidecar);
            loads++;
            return new Held(vitrail, model);
        } catch (RuntimeException | Error e) {
            vitrail.close();
            throw e;
        }
    }

    private static void closeIdle() {
        HELD.values().stream().filter(held -> held.users == 0).forEach(Held::close);
        HELD.values().removeIf(held -> held.users == 0);
    }

    /** Return how many models were ever loaded in this JVM. */
    static int loads() {
        synchronized (HELD) {
            return loads;
        }
    }

    /** Return how many models are in memory. */
    static int held() {
        synchronized (HELD) {
            return HELD.size();
        }
    }
}
