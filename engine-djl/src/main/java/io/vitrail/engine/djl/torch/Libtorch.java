package io.vitrail.engine.djl.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/** The native library, started on first use. */
final class Libtorch {
    private Libtorch() {}

    static Engine start() {
        // DJL reports usage home when an engine starts, unless told not to
        if (System.getProperty("OPT_OUT_TRACKING") == null) {
            System.setProperty("OPT_OUT_TRACKING", "true");
        }
        return Engine.getEngine("PyTorch");
    }

    /** Return a manager that nobody else closes. */
    static NDManager newManager(Device device) {
        return start().newBaseManager(device);
    }

    /** Return whether oneDNN's convolutions are there, with weights laid out beforehand. */
    static boolean packs() {
        return KnownOperators.exists("ops.mkldnn._convolution_pointwise")
                && KnownOperators.exists("ops.mkldnn._reorder_convolution_weight");
    }
}
