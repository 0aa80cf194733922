package io.vitrail.runtime;

import io.vitrail.api.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The forms that targets are typed in: those that are built in, and those of plugins.
 *
 * @param plugged whole and broken
 */
record TargetForms(List<Pane<TargetForm>> plugged) {
    /** No plugin adds any. */
    static final TargetForms BUILT_IN = new TargetForms(List.of());

    private static final List<String> FORMS =
            List.of(
                    "predicted",
                    "rank:R",
                    "top:R (rank:1 to rank:R)",
                    "class:K",
                    "class:K1,K2,... (one an item)",
                    "label:TEXT",
                    "sum",
                    "layer:LAYER",
                    "channel:LAYER:K",
                    "neuron:LAYER:i,j,k",
                    "yolo",
                    "yolo:K",
                    "yolo:TEXT",
                    "yolo-raw",
                    "box:N");

    private static final List<String> ALONE = List.of("predicted", "sum", "yolo", "yolo-raw");
    private static final List<String> WITH_REST =
            List.of("rank", "top", "class", "label", "layer", "channel", "neuron", "yolo", "box");

    /**
     * Break what cannot be used of the forms that plugins add: one that would take the place of a
     * built-in, or does not say how it is typed.
     */
    static List<Pane<TargetForm>> checked(List<Pane<TargetForm>> found) {
        List<Pane<TargetForm>> checked = new ArrayList<>();
        for (Pane<TargetForm> pane : found) {
            checked.add(pane instanceof Pane.Whole<TargetForm> whole ? checked(whole) : pane);
        }
        return List.copyOf(checked);
    }

    private static Pane<TargetForm> checked(Pane.Whole<TargetForm> whole) {
        String head = whole.id();
        if (TargetForm.BUILT_IN.contains(head)) {
            return broken(
                    whole,
                    Pane.Stage.DUPLICATE,
                    "the target '" + head + "' is built in, and no plugin takes its place");
        }
        try {
            String form = whole.service().form();
            if (form != null && form.matches(head + "(:\\S.*)?")) {
                return whole;
            }
            return broken(
                    whole,
                    Pane.Stage.IDENTITY,
                    "its form '" + form + "' is not '" + head + "' or '" + head + ":...'");
        } catch (RuntimeException | LinkageError e) {
            return broken(whole, Pane.Stage.IDENTITY, String.valueOf(e));
        }
    }

    private static Pane<TargetForm> broken(
            Pane.Whole<TargetForm> whole, Pane.Stage stage, String cause) {
        return new Pane.Broken<>(whole.provider(), whole.origin(), stage, cause, whole.plugin());
    }

    /** Return the form that a plugin adds under this head. */
    Optional<Pane.Whole<TargetForm>> find(String head) {
        return Panes.whole(plugged).stream().filter(pane -> pane.id().equals(head)).findFirst();
    }

    /** Return whether a text without prefix is typed in a known form. */
    boolean isForm(String text) {
        int colon = text.indexOf(':');
        String head = colon < 0 ? text : text.substring(0, colon);
        boolean builtIn =
                colon < 0
                        ? ALONE.contains(text)
                        : WITH_REST.contains(head) && colon + 1 < text.length();
        return builtIn || find(head).isPresent();
    }

    /** Return every form, as it is typed. */
    List<String> all() {
        List<String> all = new ArrayList<>(FORMS);
        Panes.whole(plugged).forEach(pane -> all.add(pane.service().form()));
        return all;
    }

    /** Return how every form begins, for suggestions. */
    List<String> beginnings() {
        List<String> all = new ArrayList<>();
        for (String form : all()) {
            String head = form.substring(0, form.indexOf(':') + 1);
            String beginning = head.isEmpty() ? form : head;
            if (!all.contains(beginning)) {
                all.add(beginning);
            }
        }
        return all;
    }

    /** Return a line for each form that cannot be used. */
    String broken() {
        StringBuilder lines = new StringBuilder();
        for (Pane<TargetForm> pane : plugged) {
            if (pane instanceof Pane.Broken<TargetForm> broken) {
                lines.append("\n  broken:  ").append(broken.said());
            }
        }
        return lines.toString();
    }
}
