package io.vitrail.cli;

import io.vitrail.api.VitrailException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Keep results from the place of an input, where they go into a folder of inputs. */
final class ReplacedInputs {
    private final Set<String> kinds;
    private final Set<String> methods;
    private final OutputNames names;
    private final Fingerprints stems = new Fingerprints();

    private ReplacedInputs(Asked asked, Iterable<Path> inputs) {
        this.kinds = asked.save();
        this.methods = asked.methods().stream().map(OutputNames::safe).collect(Collectors.toSet());
        this.names = new OutputNames(inputs, asked.methods());
        inputs.forEach(input -> stems.add(names.stem(input)));
    }

    /**
     * Refuse a call that would write over one of its inputs.
     *
     * @throws VitrailException of kind {@code USAGE}
     */
    static void refuse(Asked asked, Iterable<Path> inputs) {
        RealFolder folder = RealFolder.of(asked.folder()).orElse(null);
        if (folder == null
                || StreamSupport.stream(inputs.spliterator(), false)
                        .noneMatch(input -> folder.nameOf(input).isPresent())) {
            return;
        }
        ReplacedInputs replaced = new ReplacedInputs(asked, inputs);
        for (Path input : inputs) {
            if (folder.nameOf(input).filter(replaced::isWritten).isPresent()) {
                throw VitrailException.usage(
                        "-o "
                                + asked.folder()
                                + ": a result would take the place of the input "
                                + input
                                + "\n  do:  name another folder");
            }
        }
    }

    private boolean isWritten(String name) {
        int end = name.lastIndexOf('.');
        String kind = name.substring(end + 1);
        if (end < 0 || !kinds.contains(kind)) {
            return false;
        }
        return kind.equals("npz") ? stems.contains(name.substring(0, end)) : isDrawn(name, end);
    }

    /** A stem, the number of an item where it has several, a method, and what else there may be. */
    private boolean isDrawn(String name, int end) {
        for (int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
                dot > 0 && dot < end;
                dot = name.indexOf('.', dot + 1)) {
            String[] words = name.substring(dot + 1, end).split("\\.");
            boolean numbered = words.length > 1 && words[0].matches("\\d+");
            if (methods.contains(words[numbered ? 1 : 0])
                    && stems.contains(name.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }
}
