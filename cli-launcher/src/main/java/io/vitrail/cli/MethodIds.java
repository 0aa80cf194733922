package io.vitrail.cli;

import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.AttributionMethod;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Offer the methods that are installed, for completion; looks for them when asked only. */
final class MethodIds implements Iterable<String> {
    private final Provider<Vitrail> vitrails;

    @Inject
    MethodIds(Provider<Vitrail> vitrails) {
        this.vitrails = vitrails;
    }

    @Override
    public Iterator<String> iterator() {
        List<String> ids = new ArrayList<>();
        try (Vitrail vitrail = vitrails.get()) {
            for (Pane<AttributionMethod> pane : vitrail.methods()) {
                if (pane instanceof Pane.Whole<AttributionMethod> whole) {
                    ids.add(whole.id());
                }
            }
        }
        return ids.iterator();
    }
}
