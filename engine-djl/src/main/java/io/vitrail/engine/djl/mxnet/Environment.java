package io.vitrail.engine.djl.mxnet;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the environment tells MXNet, which itself says neither.
 *
 * <p>A computation would show whether MKL-DNN is on, but MXNet reads the switch at the first one,
 * once and for all: asking would take the choice away from a program that has yet to make it.
 *
 * @param mklDnn {@code MXNET_MKLDNN_ENABLED}, empty where it is not set
 * @param threads {@code OMP_NUM_THREADS}, empty where it is not set
 */
record Environment(String mklDnn, String threads) {
    private static final String SWITCH = "MXNET_MKLDNN_ENABLED";
    private static final String THREADS = "OMP_NUM_THREADS";

    static Environment of(Map<String, String> variables) {
        return new Environment(
                variables.getOrDefault(SWITCH, ""), variables.getOrDefault(THREADS, ""));
    }

    /** Return whether it says that MKL-DNN is off. */
    boolean mklDnnIsOff() {
        return mklDnn.equals("0") || mklDnn.equalsIgnoreCase("false");
    }

    /**
     * Return what is said of the engine.
     *
     * @param compiled whether MKL-DNN is in the library at all
     */
    Map<String, String> details(boolean compiled) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(
                "threads", threads.isEmpty() ? "its own choice" : threads + " (" + THREADS + ")");
        details.put("MKL-DNN", compiled ? chosen() : "not in this library");
        return details;
    }

    private String chosen() {
        if (mklDnn.isEmpty()) {
            return "on"; // the default
        }
        return (mklDnnIsOff() ? "off" : "on") + " (" + SWITCH + "=" + mklDnn + ")";
    }
}
