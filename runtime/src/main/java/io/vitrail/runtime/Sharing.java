package io.vitrail.runtime;

import io.vitrail.api.Probe;
import java.util.LinkedHashMap;
import java.util.Map;

/** Merge the probes of several methods into one, so that the network runs forward once. */
final class Sharing {
    private Probe merged;

    Sharing(Probe first) {
        merged = first;
    }

    /**
     * Add what a method asks for.
     *
     * <p>A sweep keeps its name where the merged probe has it with the same rules, so that the way
     * back is shared too; where it has other rules, the method's own gets a name of its own.
     *
     * @return the name of each sweep in the merged probe, by the name that the method gave it
     */
    Map<String, String> add(String method, Probe probe) {
        Map<String, String> names = new LinkedHashMap<>();
        probe.sweeps()
                .forEach(
                        (name, sweep) -> {
                            Probe.Sweep there = merged.sweeps().get(name);
                            boolean clash = there != null && !there.rules().equals(sweep.rules());
                            names.put(name, clash ? method + ":" + name : name);
                        });
        merged = merged.and(probe.renamed(names::get));
        return names;
    }

    /** Return what all ask for. */
    Probe probe() {
        return merged;
    }
}
