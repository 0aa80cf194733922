package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Option;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What a method says of itself. */
abstract class MethodWords extends TriedMethod {
    @Test
    void idIsWordsInLowerCase() {
        assertThat(method().id()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    }

    @Test
    void describesItself() {
        assertThat(method().sentence()).matches("(?s)[A-Z].*\\.");
        assertThat(method().cost()).isNotBlank();
        assertThat(method().place()).isNotNull();
    }

    @Test
    void optionsHaveKeysOfTheirOwnAndSayWhatTheyTake() {
        List<String> keys = method().options().stream().map(Option::key).toList();
        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("[a-z][a-z0-9-]*"));
        for (Option<?> option : method().options()) {
            assertThat(option.values()).as(option.key()).isNotBlank();
            assertThat(option.sentence()).as(option.key()).matches("(?s)[A-Z].*\\.");
            assertThat((Object) option.defaultValue()).as(option.key()).isNotNull();
        }
    }

    @Test
    void optionsReadTheirOwnDefaults() {
        for (Option<?> option : method().options()) {
            Object value = option.defaultValue();
            String spelling = String.valueOf(value);
            String asTyped = value instanceof Enum ? spelling.toLowerCase(Locale.ROOT) : spelling;
            assertThat((Object) option.parser().apply(asTyped))
                    .as("%s=%s", option.key(), asTyped)
                    .isEqualTo(value);
        }
    }

    @Test
    void isProvidedAsAService() {
        Provision.assertProvided(AttributionMethod.class, method());
    }

    @Test
    void isListedForTheClassPathToo() throws IOException {
        Provision.assertListed(AttributionMethod.class, method());
    }
}
