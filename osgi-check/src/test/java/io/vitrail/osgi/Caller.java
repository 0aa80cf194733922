package io.vitrail.osgi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layers;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Request;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** A bundle that uses ours; what it finds out it offers as services that the test can call. */
public final class Caller implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        offer(
                context,
                "registry",
                () -> services(context).stream().map(AttributionMethod::id).toList());
        offer(context, "gradient", () -> gradient(services(context)));
        offer(context, "front door", Caller::frontDoor);
    }

    @Override
    public void stop(BundleContext context) {}

    private static void offer(BundleContext context, String name, Callable<List<?>> call) {
        Dictionary<String, String> properties = new Hashtable<>(Map.of("call", name));
        context.registerService(Callable.class, call, properties);
    }

    private static List<AttributionMethod> services(BundleContext context)
            throws InvalidSyntaxException {
        List<AttributionMethod> methods = new ArrayList<>();
        for (ServiceReference<AttributionMethod> each :
                context.getServiceReferences(AttributionMethod.class, null)) {
            methods.add(context.getService(each));
        }
        return methods;
    }

    private static List<String> frontDoor() {
        try (Vitrail vitrail = Vitrail.open()) {
            return vitrail.methods().stream()
                    .map(pane -> pane instanceof Pane.Whole<?> whole ? whole.id() : pane.toString())
                    .toList();
        }
    }

    /** Explain by the gradient, which the pass says is 1, -2, 3. */
    private static List<Double> gradient(List<AttributionMethod> methods) {
        OnePassMethod method =
                methods.stream()
                        .filter(each -> each.id().equals("gradient"))
                        .map(OnePassMethod.class::cast)
                        .findFirst()
                        .orElseThrow();
        Shape shape = new Shape(1, 3);
        ArrayType type = new ArrayType(shape, DataType.FLOAT32, Axes.channelsFirst(2));
        Graph graph =
                new Graph(
                        List.of(new Graph.Port("x", type)), List.of(), List.of(), Map.of(), false);
        Request request =
                new Request("gradient", new Layers("m", graph), List.of(), NDList::head, Map.of());
        NDArray array =
                answering(
                        NDArray.class,
                        Map.of(
                                "getShape",
                                shape,
                                "getDataType",
                                DataType.FLOAT32,
                                "size",
                                3L,
                                "toFloatArray",
                                new float[] {1, -2, 3}));
        Pass pass = answering(Pass.class, Map.of("gradients", new NDList(array)));
        double[] found = method.attribute(pass, request).values().toDoubles();
        return List.of(found[0], found[1], found[2]);
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        Object stub =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, called, arguments) -> {
                            Object answer = answers.get(called.getName());
                            if (answer == null) {
                                throw new UnsupportedOperationException(called.toString());
                            }
                            return answer;
                        });
        return type.cast(stub);
    }
}
