package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.MethodCall;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MethodCallTest {
    @Test
    void anIdStandsAloneOrBeforeItsOptions() {
        assertThat(MethodCall.parse("gradient")).isEqualTo(MethodCall.of("gradient"));
        assertThat(MethodCall.parse("guided-backprop,reduce=l2,smooth=true"))
                .isEqualTo(
                        MethodCall.of("guided-backprop")
                                .with("reduce", "l2")
                                .with("smooth", "true"));
        assertThat(MethodCall.parse("acme:gradient").id()).isEqualTo("acme:gradient");
    }

    @Test
    void aWordWithoutEqualsGoesOnWithTheValueBefore() {
        assertThat(MethodCall.parse("activation,channels=1,2,top=3").options())
                .isEqualTo(Map.of("channels", "1,2", "top", "3"));
    }

    @Test
    void theSpellingIsReadAgain() {
        MethodCall call = MethodCall.of("activation").with("channels", "1,2").with("top", "3");
        assertThat(call).hasToString("activation,channels=1,2,top=3");
        assertThat(MethodCall.parse(call.toString())).isEqualTo(call);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reduce=l2", ",reduce=l2", "gradient,l2", "gradient,=l2"})
    void whatDoesNotBeginWithAnIdIsRefused(String text) {
        assertThatThrownBy(() -> MethodCall.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("METHOD or METHOD,KEY=VALUE,...");
    }
}
