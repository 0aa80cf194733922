package io.vitrail.testkit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.TargetForm;
import io.vitrail.render.ColourMap;
import io.vitrail.testkit.ColourMapContract;
import io.vitrail.testkit.FormatContract;
import io.vitrail.testkit.MethodContract;
import io.vitrail.testkit.TargetContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Every mistake fails the tests of its contract that are about it, and no others. */
class ContractsFailTest {
    private static Object subject = new BadMethods.Sound();

    /** The contract of whichever method is the subject. */
    static class OfMethod extends MethodContract {
        @Override
        protected AttributionMethod method() {
            return (AttributionMethod) subject;
        }
    }

    /** The contract of whichever form of targets is the subject. */
    static class OfTarget extends TargetContract {
        @Override
        protected TargetForm form() {
            return (TargetForm) subject;
        }

        @Override
        protected List<String> spellings() {
            return List.of(form().head() + ":0,1", form().head() + ":1,2");
        }

        @Override
        protected List<String> refused() {
            return List.of("lead:0", "lead:0,1,2", "lead:0,3", "lead:0,bat");
        }
    }

    /** The contract of whichever format is the subject. */
    static class OfFormat extends FormatContract {
        @Override
        protected ModelFormat format() {
            return (ModelFormat) subject;
        }

        @Override
        protected Path write(Path folder) throws IOException {
            return BadFormats.write(folder);
        }

        @Override
        protected NDList inputs(NDManager manager) {
            return new NDList(manager.ones(new Shape(2, 3)));
        }
    }

    /** The contract of whichever colour map is the subject. */
    static class OfColours extends ColourMapContract {
        @Override
        protected ColourMap colours() {
            return (ColourMap) subject;
        }
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                failing(new BadMethods.Sound()),
                failing(new BadMethods.Shouting(), "idIsWordsInLowerCase"),
                failing(
                        new BadMethods.Unlisted(),
                        "isListedForTheClassPathToo",
                        "isProvidedAsAService"),
                failing(new BadMethods.Mute(), "optionsReadTheirOwnDefaults"),
                failing(
                        new BadMethods.BatchMixer(),
                        "aBatchEqualsItsItems",
                        "anItemThatIsNotANumberHarmsNoOther"),
                failing(
                        new BadMethods.Shrinker(),
                        "channelsLastGiveTheSameMap",
                        "resultHasTheShapeOfItsPlace"),
                failing(new BadMethods.ChannelCounter(), "channelsLastGiveTheSameMap"),
                failing(new BadMethods.FloatsOnly(), "doublesGiveTheSameMap"),
                failing(new BadMethods.Squeamish(), "anItemThatIsNotANumberHarmsNoOther"),
                failing(new BadMethods.Scribbler(), "leavesThePassOpenAndItsArraysAsTheyWere"),
                failing(new BadMethods.Vandal(), "leavesTheInputsAsTheyWere"),
                failing(new BadMethods.Litterer(), "nothingNativeStaysOpen"),
                failing(new BadMethods.Closer(), "leavesThePassOpenAndItsArraysAsTheyWere"),
                failing(
                        new BadMethods.Gambler(),
                        "aBatchEqualsItsItems",
                        "anItemThatIsNotANumberHarmsNoOther",
                        "channelsLastGiveTheSameMap",
                        "doublesGiveTheSameMap",
                        "leavesThePassOpenAndItsArraysAsTheyWere",
                        "theSameInputsGiveTheSameResult",
                        "twoThreadsAgree"),
                failing(new BadMethods.Liar(), "asksForNoScoreIfItSaysSo"),
                failing(new BadMethods.Stubborn(), "endsAtOnceWhenTheCallerGivesUp"),
                failing(new BadMethods.Optimist(), "progressStaysWithinItsTotal"));
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                failing(new BadTargets.Sound()),
                failing(new BadTargets.Usurper(), "takesNoBuiltInsPlace"),
                failing(new BadTargets.Vague(), "saysHowItIsTyped"),
                failing(new BadTargets.Credulous(), "whatItDoesNotUnderstandIsRefused"),
                failing(
                        new BadTargets.Summer(), // which no engine takes
                        "anItemInABatchScoresWhatItScoresAlone",
                        "everyItemHasAScore",
                        "itsGradientIsThatOfItsScore",
                        "leavesWhatItReadsAsItWas",
                        "nothingNativeStaysOpen",
                        "twoThreadsAgree"),
                failing(new BadTargets.Leveller(), "anItemInABatchScoresWhatItScoresAlone"),
                failing(new BadTargets.Detached(), "itsGradientIsThatOfItsScore"),
                failing(new BadTargets.Deaf(), "aPrefixSaysWhatItReads"));
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                failing(new BadFormats.Sound()),
                failing(new BadFormats.Greedy(), "claimsItsOwnFilesAndNoOthers"),
                failing(
                        new BadFormats.Careless(),
                        "aFileThatIsCutIsRefusedWhereverItIsCut",
                        "emptyTextAndRandomFilesAreRefused"),
                failing(
                        new BadFormats.Restless(),
                        "theSameInputsGiveTheSameGraph",
                        "twoThreadsReadTheSame"),
                failing(
                        new BadFormats.Scribbler(), // the second reader finds it damaged
                        "readingLeavesTheFileAsItIs",
                        "theSameInputsGiveTheSameGraph",
                        "twoThreadsReadTheSame"),
                failing(new BadFormats.Nameless(), "saysWhatItReadAndWhatItIsFed"),
                failing(new BadFormats.Fragile(), "closesTwice"));
    }

    static Stream<Arguments> colours() {
        return Stream.of(
                failing(new BadColours.Sound()),
                failing(new BadColours.Usurper(), "idIsWordsInLowerCaseAndNoBuiltIns"),
                failing(new BadColours.Overflow(), "beyondTheEndsTheLastColourHolds"),
                failing(
                        new BadColours.Opaque(),
                        "everyNumberHasAColour",
                        "notANumberHasAColourToo"),
                failing(new BadColours.Squeamish(), "notANumberHasAColourToo"),
                failing(new BadColours.OneSided(), "theEndsCanBeToldApart"));
    }

    private static Arguments failing(Object subject, String... tests) {
        return Arguments.of(
                subject.getClass().getSimpleName(), subject, new TreeSet<>(Arrays.asList(tests)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void aBadMethodFails(String name, AttributionMethod method, Set<String> tests) {
        assertThat(failures(OfMethod.class, method)).isEqualTo(tests);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void aBadTargetFails(String name, TargetForm form, Set<String> tests) {
        assertThat(failures(OfTarget.class, form)).isEqualTo(tests);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void aBadFormatFails(String name, ModelFormat format, Set<String> tests) {
        assertThat(failures(OfFormat.class, format)).isEqualTo(tests);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("colours")
    void aBadColourMapFails(String name, ColourMap map, Set<String> tests) {
        assertThat(failures(OfColours.class, map)).isEqualTo(tests);
    }

    private static Set<String> failures(Class<?> contract, Object tried) {
        subject = tried;
        EngineExecutionResults results =
                EngineTestKit.engine("junit-jupiter").selectors(selectClass(contract)).execute();
        assertThat(results.testEvents().finished().count()).isGreaterThan(5);
        Set<String> failed = new TreeSet<>();
        results.testEvents().failed().stream()
                .forEach(
                        event ->
                                failed.add(
                                        event.getTestDescriptor()
                                                .getDisplayName()
                                                .replace("()", "")));
        return failed;
    }
}
