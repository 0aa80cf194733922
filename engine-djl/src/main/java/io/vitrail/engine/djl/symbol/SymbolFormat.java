package io.vitrail.engine.djl.symbol;

import io.vitrail.api.GraphSource;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.mxnet.MxNetEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * MXNet's symbol files: {@code NAME-symbol.json} with {@code NAME-0000.params} beside it, or a
 * folder that holds one such pair. Of several epochs the last is read.
 */
public final class SymbolFormat implements ModelFormat {
    private static final String SYMBOL = "-symbol.json";
    private static final Pattern PARAMETERS = Pattern.compile("(.*)-\\d{4}\\.params");

    @Override
    public String id() {
        return "mxnet";
    }

    @Override
    public String sentence() {
        return "What MXNet's export and save_checkpoint write: NAME-symbol.json and NAME-0000.params.";
    }

    @Override
    public List<String> suffixes() {
        return List.of(SYMBOL, ".params");
    }

    @Override
    public boolean claims(Path file) {
        String name = String.valueOf(file.getFileName());
        if (Files.isDirectory(file)) {
            return !symbols(file).isEmpty();
        }
        return name.endsWith(SYMBOL) || PARAMETERS.matcher(name).matches();
    }

    private static List<Path> symbols(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SYMBOL))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public GraphSource open(Path file) {
        String missing = new MxNetEngine().missing();
        if (!missing.isEmpty()) {
            throw VitrailException.failure(
                    file + ": an MXNet file needs the engine 'mxnet': " + missing);
        }
        Path symbol = symbol(file);
        String name = symbol.getFileName().toString();
        return open(symbol, name, () -> ParameterFile.read(parameters(file, symbol)));
    }

    /** Arrays that may have to be read first. */
    interface Weights {
        Map<String, Parameter> read() throws IOException;
    }

    /** Read a symbol that is called something else in messages, with arrays from elsewhere. */
    static GraphSource open(Path symbol, String name, Weights arrays) {
        try {
            SymbolFile read = InferenceForm.of(SymbolFile.read(symbol));
            Map<String, Parameter> weights = arrays.read();
            FirstLook.check(read, weights);
            return new SymbolSource(name, read, weights);
        } catch (Refusal refusal) {
            throw VitrailException.model(refusal.describe(name));
        } catch (NumberFormatException e) {
            throw VitrailException.model(
                    Refusal.at("an attribute", "it is no number: " + e.getMessage())
                            .describe(name));
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.MODEL,
                    symbol
                            + ": cannot be read: "
                            + e.getMessage()
                            + "\n  remedy: check the path and its rights",
                    e);
        }
    }

    private static Path symbol(Path file) {
        if (Files.isDirectory(file)) {
            List<Path> found = symbols(file);
            if (found.size() != 1) {
                throw VitrailException.model(
                        file
                                + ": holds "
                                + found.size()
                                + " symbol files\n  remedy: name one of "
                                + found.stream().map(one -> one.getFileName().toString()).toList());
            }
            return found.get(0);
        }
        var parameters = PARAMETERS.matcher(file.getFileName().toString());
        if (!parameters.matches()) {
            return file;
        }
        Path symbol = file.resolveSibling(parameters.group(1) + SYMBOL);
        if (!Files.exists(symbol)) {
            throw VitrailException.model(
                    file + ": there is no " + symbol.getFileName() + " beside it");
        }
        return symbol;
    }

    private static Path parameters(Path file, Path symbol) throws IOException {
        if (PARAMETERS.matcher(file.getFileName().toString()).matches()) {
            return file;
        }
        String name = symbol.getFileName().toString();
        String stem = name.substring(0, name.length() - SYMBOL.length());
        Path folder = symbol.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            one -> {
                                var m = PARAMETERS.matcher(one.getFileName().toString());
                                return m.matches() && m.group(1).equals(stem);
                            })
                    .max(java.util.Comparator.comparing(one -> one.getFileName().toString()))
                    .orElseThrow(
                            () ->
                                    VitrailException.model(
                                            symbol
                                                    + ": there is no "
                                                    + stem
                                                    + "-0000.params beside it"));
        }
    }
}
