package io.vitrail.engine.djl.torchscript;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module of the archive with its attributes: parameters, numbers, lists, further modules.
 *
 * <p>Equal by identity: a module that two others hold is one module.
 */
final class StoredModule {
    /** The path that a PyTorch user would type, empty for the root. */
    final String path;

    final String type;
    final Code.ClassType code;
    final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

    StoredModule(String path, String type, Code.ClassType code) {
        this.path = path;
        this.type = type;
        this.code = code;
    }

    /** Return whether no further modules are inside. */
    boolean isLeaf() {
        return attributes.values().stream().noneMatch(StoredModule.class::isInstance);
    }

    Code.@Nullable Function method(String name) {
        for (Code.Function method : code.methods()) {
            if (method.name().equals(name)) {
                return method;
            }
        }
        return null;
    }
}
