package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No neutral operator is without a case in the engines' contract. */
class OperatorCoverageTest {
    private static final Set<Class<?>> NEUTRAL =
            Arrays.stream(Operator.class.getPermittedSubclasses())
                    .filter(type -> type != Operator.Native.class)
                    .collect(Collectors.toSet());

    private static Set<Class<?>> types(List<Operator> operators) {
        return operators.stream().map(Operator::getClass).collect(Collectors.toSet());
    }

    private static List<Operator> cases() {
        return OperatorCase.all().stream().map(OperatorCase::operator).toList();
    }

    private static List<Operator> outputs() {
        return KnownOutput.all().stream().map(each -> each.network().operator()).toList();
    }

    @Test
    void everyOperatorIsDifferentiatedInSomeCase() {
        assertThat(types(cases())).containsExactlyInAnyOrderElementsOf(NEUTRAL);
    }

    @Test
    void everyOperatorHasAKnownOutput() {
        assertThat(types(outputs())).containsExactlyInAnyOrderElementsOf(NEUTRAL);
    }

    @Test
    void everyPointwiseFunctionHasBoth() {
        for (Operator.Pointwise.Function function : Operator.Pointwise.Function.values()) {
            Operator operator = new Operator.Pointwise(function);
            assertThat(cases()).contains(operator);
            assertThat(outputs()).contains(operator);
        }
    }

    @Test
    void everyOperatorWithALayoutHasCasesInBoth() {
        Set<Class<?>> withLayout =
                NEUTRAL.stream()
                        .filter(
                                type ->
                                        Arrays.stream(type.getRecordComponents())
                                                .anyMatch(part -> part.getType() == Layout.class))
                        .collect(Collectors.toSet());
        for (Layout layout : Layout.values()) {
            List<Operator> inLayout =
                    cases().stream()
                            .filter(
                                    operator ->
                                            OperatorCase.inLayout(operator, layout)
                                                    .filter(operator::equals)
                                                    .isPresent())
                            .toList();
            assertThat(types(inLayout)).isEqualTo(withLayout);
        }
    }
}
