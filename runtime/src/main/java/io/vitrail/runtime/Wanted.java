package io.vitrail.runtime;

import io.vitrail.api.Target;

/** A target as the caller gave it. */
sealed interface Wanted {
    /** In the spelling of the command line. */
    record Spelled(String spelling) implements Wanted {}

    /** As an object. */
    record Given(Target target) implements Wanted {}
}
