package io.vitrail.engine.djl.mxnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of MXNet, from what the environment says to it. */
class EnvironmentTest {
    private static Map<String, String> said(Map<String, String> variables) {
        return Environment.of(variables).details(true);
    }

    @Test
    void mklDnnIsOnUnlessTheEnvironmentTurnsItOff() {
        assertThat(said(Map.of())).containsEntry("MKL-DNN", "on");
        assertThat(said(Map.of("MXNET_MKLDNN_ENABLED", "0")))
                .containsEntry("MKL-DNN", "off (MXNET_MKLDNN_ENABLED=0)");
        assertThat(said(Map.of("MXNET_MKLDNN_ENABLED", "False")))
                .containsEntry("MKL-DNN", "off (MXNET_MKLDNN_ENABLED=False)");
        assertThat(said(Map.of("MXNET_MKLDNN_ENABLED", "1")))
                .containsEntry("MKL-DNN", "on (MXNET_MKLDNN_ENABLED=1)");
    }

    @Test
    void aLibraryWithoutMklDnnHasItNeitherOnNorOff() {
        assertThat(Environment.of(Map.of()).details(false))
                .containsEntry("MKL-DNN", "not in this library");
    }

    @Test
    void theNumberOfThreadsIsTheEnvironmentsOrMxNetsOwn() {
        assertThat(said(Map.of())).containsEntry("threads", "its own choice");
        assertThat(said(Map.of("OMP_NUM_THREADS", "2")))
                .containsEntry("threads", "2 (OMP_NUM_THREADS)");
    }
}
