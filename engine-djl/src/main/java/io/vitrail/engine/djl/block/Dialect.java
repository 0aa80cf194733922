package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What differs between the engines that a block can belong to. */
interface Dialect {
    /**
     * A call as an operator of the engine's own.
     *
     * @param weights what it reads of the block's weights, under the names that the engine wants
     */
    record Own(Operator.Native operator, List<Recorded> inputs, Map<String, Parameter> weights) {}

    /** Return the name of the engine: {@code pytorch}. */
    String engine();

    /** Return an engine that runs the graphs. */
    Engine runner();

    /** Return what work on the engine's arrays returns, done without a tape, and as it must be. */
    <T> T alone(Supplier<T> work);

    /** Return whether average pools count the zeros around the image, whatever they are told. */
    boolean countsPadding();

    /** Return whether {@link #own} knows a call that fills an array: zeros, ones or full. */
    boolean fills(String call);

    /**
     * Make a call by several others, where the engine has no operator that does it alone.
     *
     * @param array the array that it is made on, or whose internal side it is made on, as the
     *     block's code holds it
     * @return what the call returns; null if it is to be made as it is
     */
    @Nullable Object detour(NDArray array, Method method, Object[] given) throws Throwable;

    /** Return a call in the engine's own terms, or null if it has none. */
    @Nullable Own own(Call call);

    /**
     * Return what must not be collected while an array is in use besides the array itself, or null.
     */
    @Nullable Object memory(NDArray array);

    /**
     * Read a block of the engine's own format.
     *
     * @param name what it is called in messages
     * @return the source, or null if the block is of another kind
     */
    @Nullable GraphSource symbol(Block block, String name);
}
