package io.vitrail.engine.djl.symbol;

import ai.djl.engine.Engine;
import ai.djl.mxnet.engine.MxSymbolBlock;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Read symbols that MXNet has loaded already; their arrays are shared. */
public final class LoadedSymbols {
    private LoadedSymbols() {}

    /**
     * Read a symbol; it is neither changed nor closed.
     *
     * @param name what it is called in messages
     * @throws VitrailException as {@link SymbolFormat#open}
     */
    public static GraphSource open(MxSymbolBlock block, String name) {
        return MxNetEngine.alone(() -> read(block, name));
    }

    private static GraphSource read(MxSymbolBlock block, String name) {
        NDManager manager = Engine.getEngine("MXNet").newBaseManager();
        try {
            Path file = Files.createTempFile("vitrail", "-symbol.json");
            try {
                Files.writeString(file, block.getSymbol().toJsonString());
                return new Owning(
                        SymbolFormat.open(file, name, () -> weights(block, manager)), manager);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            manager.close();
            throw new VitrailException(
                    VitrailException.Kind.FAILURE,
                    name + ": cannot be written to a temporary file: " + e.getMessage(),
                    e);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** Return every array that is no input, as an alias that outlives the block. */
    private static Map<String, Parameter> weights(MxSymbolBlock block, NDManager manager) {
        Set<String> inputs = new HashSet<>();
        block.describeInput().forEach(input -> inputs.add(input.getKey()));
        Map<String, Parameter> weights = new LinkedHashMap<>();
        for (ai.djl.nn.Parameter own : block.getAllParameters()) {
            if (own.isInitialized() && !inputs.contains(own.getName())) {
                NDArray alias = own.getArray().stopGradient();
                alias.attach(manager);
                NDScope.unregister(alias);
                weights.put(
                        own.getName(),
                        Parameter.of(
                                own.getName(), alias.getShape(), alias.getDataType(), () -> alias));
            }
        }
        return weights;
    }

    /** A source that owns its arrays. */
    private record Owning(GraphSource source, NDManager manager) implements GraphSource {
        @Override
        public String format() {
            return source.format();
        }

        @Override
        public String name() {
            return source.name();
        }

        @Override
        public Optional<String> engine() {
            return source.engine();
        }

        @Override
        public List<Graph.Port> inputs() {
            return source.inputs();
        }

        @Override
        public Graph graph(NDList inputs) {
            return source.graph(inputs);
        }

        @Override
        public void close() {
            source.close();
            manager.close();
        }
    }
}
