package ${package};

import io.vitrail.api.AttributionMethod;
import io.vitrail.testkit.MethodContract;

/** What every method owes its callers; it brings its own tests. */
class MyMethodContractTest extends MethodContract {
    @Override
    protected AttributionMethod method() {
        return new MyMethod();
    }
}
