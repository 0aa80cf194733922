package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Stage;

/** Carry a problem to where it is listed. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refused(Stage stage, String cause, String remedy) {
        super(cause, null, false, false);
        this.problem = new Problem(stage, cause, remedy);
    }

    Problem problem() {
        return problem;
    }
}
