package io.vitrail.runtime.plugin.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.module.ModuleDescriptor.Version;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The readings of OSGi core 3.2.6 and of Maven; a pre-release counts as its release. */
class VersionRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [0.1,1)   | 0.1            | true
                    [0.1,1)   | 0.1.0-SNAPSHOT | true
                    [0.1,1)   | 0.9.9          | true
                    [0.1,1)   | 1.0            | false
                    [0.1,1)   | 1.0-beta       | false
                    [0.1,1)   | 0.0.9          | false
                    (0.1,1]   | 0.1.0          | false
                    (0.1,1]   | 1              | true
                    [2]       | 2.0            | true
                    [2]       | 2.0.1          | false
                    [2,)      | 77             | true
                    (,2)      | 1.9            | true
                    1.2       | 1.2            | true
                    1.2       | 5              | true
                    1.2       | 1.1            | false
                    [1.9,2)   | 1.10           | true
                    """)
    void aRangeHasItsVersions(String range, String version, boolean contained) {
        assertThat(VersionRange.parse(range).contains(Version.parse(version))).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[1,2", "[2,1]", "(2)", "[]", "[a,b]", "one", "[1,2,3]"})
    void nonsenseIsRefused(String range) {
        assertThatThrownBy(() -> VersionRange.parse(range))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1.0-SNAPSHOT,0.1,true",
        "0.1,0.9,true",
        "0.2,0.1,false",
        "1.4,1.9,true",
        "1.4,2,false",
        "99999999999999999999.1,99999999999999999999.2,true"
    })
    void whatWasCompiledRunsUpToTheNextMajorVersion(String compiled, String here, boolean runs) {
        assertThat(
                        VersionRange.compatibleWith(Version.parse(compiled))
                                .contains(Version.parse(here)))
                .isEqualTo(runs);
    }
}
