package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.GraphSource;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.VitrailException;
import io.vitrail.archive.ArchiveRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** TorchScript archives, traced, scripted and frozen, of torch 1.8 to 2.x. */
public final class TorchScriptFormat implements ModelFormat {
    @Override
    public String id() {
        return "torchscript";
    }

    @Override
    public String sentence() {
        return "What torch.jit.save writes: traced, scripted and frozen PyTorch models.";
    }

    @Override
    public List<String> suffixes() {
        return List.of(".pt", ".pth", ".ts", ".torchscript", ".jit", ".ptl", ".pt2", ".th");
    }

    @Override
    public boolean claims(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !Files.isDirectory(file) && suffixes().stream().anyMatch(name::endsWith);
    }

    @Override
    public GraphSource open(Path file) {
        return open(file, file.getFileName().toString());
    }

    /** Read a file that is called something else in messages. */
    static GraphSource open(Path file, String name) {
        try {
            Archive archive = Archive.open(file);
            OperatorCheck.check(archive);
            return new TorchScriptSource(name, archive);
        } catch (Refusal refusal) {
            throw VitrailException.model(refusal.describe(name));
        } catch (ArchiveRefusal refusal) {
            throw VitrailException.model(Refusal.of(refusal).describe(name));
        } catch (StackOverflowError e) {
            throw VitrailException.model(
                    Refusal.at("data.pkl or the code", "it is nested without end").describe(name));
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.MODEL,
                    file
                            + ": cannot be read: "
                            + e.getMessage()
                            + "\n  remedy: check the path and its rights",
                    e);
        }
    }
}
