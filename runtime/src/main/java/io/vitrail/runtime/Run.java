package io.vitrail.runtime;

import java.util.List;

/** One run of an explanation. */
record Run(Explanation explanation, List<String> methods) {
    Explained all() {
        throw new UnsupportedOperationException(explanation + " " + methods);
    }
}
