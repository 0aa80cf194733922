package io.vitrail.testkit.tests;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/** One linear layer, 3 to 2: a mark, a checksum, six floats; with one mistake each. */
public final class BadFormats {
    private static final int MARK = 0x4c494e45;
    private static final int LENGTH = 12 + 24;

    private BadFormats() {}

    /** Write a sound file. */
    static Path write(Path folder) throws IOException {
        ByteBuffer weights = ByteBuffer.allocate(24);
        weights.asFloatBuffer().put(new float[] {1, 2, 3, 4, 5, 6});
        ByteBuffer file = ByteBuffer.allocate(LENGTH).putInt(MARK).putLong(sum(weights.array()));
        file.put(weights.array());
        return Files.write(folder.resolve("net.line"), file.array());
    }

    private static long sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }

    /** Without a mistake. */
    public static class Sound implements ModelFormat {
        @Override
        public String id() {
            return "line";
        }

        @Override
        public String sentence() {
            return "One linear layer.";
        }

        @Override
        public List<String> suffixes() {
            return List.of(".line");
        }

        @Override
        public boolean claims(Path file) {
            if (!file.toString().endsWith(".line")) {
                return false;
            }
            try (InputStream bytes = Files.newInputStream(file)) {
                byte[] mark = bytes.readNBytes(4);
                return mark.length == 4 && ByteBuffer.wrap(mark).getInt() == MARK;
            } catch (IOException e) {
                return false;
            }
        }

        ByteBuffer content(Path file) throws IOException {
            if (Files.isDirectory(file) || Files.size(file) != LENGTH) {
                throw VitrailException.model(file + ": not as long as such a file is");
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            boolean marked = bytes.getInt() == MARK;
            long sum = bytes.getLong();
            byte[] weights = new byte[24];
            bytes.get(weights);
            if (!marked || sum(weights) != sum) {
                throw VitrailException.model(file + ": damaged");
            }
            return ByteBuffer.wrap(weights);
        }

        Source source(Path file, ByteBuffer weights) {
            return new Source(file.getFileName().toString(), weights);
        }

        @Override
        public GraphSource open(Path file) {
            try {
                return source(file, content(file));
            } catch (IOException e) {
                throw new VitrailException(
                        VitrailException.Kind.MODEL, file + ": cannot be read", e);
            }
        }
    }

    private static class Source implements GraphSource {
        private final String name;
        private final Parameter weight;

        Source(String name, ByteBuffer weights) {
            this.name = name;
            ByteBuffer direct = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
            direct.asFloatBuffer().put(weights.asFloatBuffer());
            this.weight =
                    new Parameter(
                            "weight",
                            new Shape(2, 3),
                            DataType.FLOAT32,
                            () -> direct.duplicate().order(ByteOrder.nativeOrder()));
        }

        @Override
        public String format() {
            return "line";
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Optional<String> engine() {
            return Optional.empty();
        }

        @Override
        public List<Graph.Port> inputs() {
            return List.of(new Graph.Port("x", array(-1, 3)));
        }

        String nodeName() {
            return "linear";
        }

        @Override
        public Graph graph(NDList inputs) {
            long batch = inputs.head().getShape().get(0);
            Node node =
                    new Node(
                            nodeName(),
                            new Operator.Linear(),
                            List.of(new Value.Input(0)),
                            Map.of("weight", weight),
                            List.of(array(batch, 2)),
                            name);
            return new Graph(
                    List.of(new Graph.Port("x", array(batch, 3))),
                    List.of(node),
                    List.of(new Graph.Result("y", new Value.Output(0, 0))),
                    Map.of(),
                    false);
        }

        private static ArrayType array(long batch, long size) {
            return new ArrayType(new Shape(batch, size), DataType.FLOAT32, Axes.channelsFirst(2));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    /** Claims every file. */
    public static final class Greedy extends Sound {
        @Override
        public boolean claims(Path file) {
            return true;
        }
    }

    /** Believes that a file is as long as it should be. */
    public static final class Careless extends Sound {
        @Override
        ByteBuffer content(Path file) throws IOException {
            if (Files.isDirectory(file) || Files.size(file) > LENGTH) {
                return super.content(file);
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            bytes.getInt();
            bytes.getLong();
            return super.content(file);
        }
    }

    /** Gives its node another name each time. */
    public static final class Restless extends Sound {
        private static final AtomicInteger TIMES = new AtomicInteger();

        @Override
        Source source(Path file, ByteBuffer weights) {
            return new Source(file.getFileName().toString(), weights) {
                @Override
                String nodeName() {
                    return "linear" + TIMES.incrementAndGet();
                }
            };
        }
    }

    /** Writes behind the file's end. */
    public static final class Scribbler extends Sound {
        @Override
        Source source(Path file, ByteBuffer weights) {
            try {
                Files.write(file, new byte[] {1}, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return super.source(file, weights);
        }
    }

    /** Does not say which file it read. */
    public static final class Nameless extends Sound {
        @Override
        Source source(Path file, ByteBuffer weights) {
            return new Source("model", weights);
        }
    }

    /** Closes once only. */
    public static final class Fragile extends Sound {
        @Override
        Source source(Path file, ByteBuffer weights) {
            return new Source(file.getFileName().toString(), weights) {
                private boolean closed;

                @Override
                public void close() {
                    if (closed) {
                        throw new IllegalStateException("closed already");
                    }
                    closed = true;
                }
            };
        }
    }
}
