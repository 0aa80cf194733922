package io.vitrail.format.keras;

import io.vitrail.testkit.KerasReferenceContract;

/** Hold the reader to Keras's own results, on the engine at the tests' side. */
class KerasReferenceTest extends KerasReferenceContract {}
