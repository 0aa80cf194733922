package io.vitrail.engine.djl.block;

import java.util.List;
import java.util.Set;

/**
 * Notice that a call is made past the recording.
 *
 * <p>An array of the engine's own on which a recorded one is used, as in {@code weight.mul(input)},
 * takes a copy of its numbers; what it computes is then a constant, equal in every recording. The
 * copy is made in one place, which is on the stack.
 */
final class LostCall {
    private static final StackWalker STACK =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final List<String> MACHINERY = List.of("ai.djl.", "java.", "jdk.");
    private static final Set<Class<?>> OURS =
            Set.of(
                    LostCall.class,
                    Interception.class,
                    ArrayHandler.class,
                    InternalHandler.class,
                    ManagerHandler.class);

    private LostCall() {}

    /** Return whether the engine is copying the numbers of a recorded array right now. */
    static boolean isUnderWay() {
        return STACK.walk(
                frames ->
                        frames.anyMatch(
                                frame ->
                                        frame.getClassName().endsWith("NDManager")
                                                        && frame.getMethodName().equals("from")
                                                || frame.getClassName()
                                                        .endsWith("NDArrayIndexer")));
    }

    static Refusal refusal() {
        return new Refusal(
                place(),
                "its code calls an operation on an array of its own and hands it a recorded one,"
                        + " so that the operation is lost",
                "turn it round (input.mul(weight), not weight.mul(input)), or take the weight from"
                        + " the ParameterStore");
    }

    /** Return the line of the caller's code that is running. */
    static String place() {
        return STACK.walk(
                frames ->
                        frames.takeWhile(frame -> frame.getDeclaringClass() != BlockRun.class)
                                .filter(frame -> !OURS.contains(frame.getDeclaringClass()))
                                .filter(
                                        frame ->
                                                MACHINERY.stream()
                                                        .noneMatch(
                                                                frame.getClassName()::startsWith))
                                .findFirst()
                                .map(StackWalker.StackFrame::toString)
                                .orElse("the block's code"));
    }
}
