package io.vitrail.format.keras;

import io.vitrail.api.VitrailException;

/** Say that an array does not fit the operator that reads it. */
final class UnfitShape extends VitrailException {
    private static final long serialVersionUID = 1L;

    UnfitShape(String message) {
        super(Kind.MODEL, message);
    }
}
