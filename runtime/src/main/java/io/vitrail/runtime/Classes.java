package io.vitrail.runtime;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Find classes by number or name.
 *
 * @param model its name, for messages
 * @param labels the names of the classes; empty where they have none
 * @param count the number of classes
 * @param word what stands in front of a number, {@code class} or {@code yolo}
 */
record Classes(String model, List<String> labels, long count, String word) {

    /** Return the classes of {@code class:K1,K2,...}. */
    List<Long> numbers(TargetSpelling spelling) {
        List<Long> numbers = new ArrayList<>();
        for (String part : spelling.rest().split(",", -1)) {
            numbers.add(number(spelling.whole(), part.strip()));
        }
        return numbers;
    }

    /** Return the class of this number. */
    long number(String spelling, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw VitrailException.usage(
                    "target '" + spelling + "': '" + text + "' is no class number; " + range());
        }
        long number = Long.parseLong(text);
        if (number >= count) {
            throw VitrailException.usage(
                    "target '" + spelling + "': no class " + number + "; " + range());
        }
        return number;
    }

    private String range() {
        return model + " has " + count + " classes, 0 to " + (count - 1);
    }

    /**
     * Return the class of this name.
     *
     * <p>The whole name counts first, then the whole name in any case, then one of several that a
     * label lists between commas ({@code tench, Tinca tinca}).
     */
    long labelled(String text) {
        if (labels.isEmpty()) {
            throw VitrailException.usage(
                    "label '"
                            + text
                            + "': the classes of "
                            + model
                            + " have no names; give them with --labels FILE or in a sidecar");
        }
        String wanted = text.strip();
        String lower = wanted.toLowerCase(Locale.ROOT);
        List<Predicate<String>> ways =
                List.of(
                        wanted::equals,
                        label -> label.toLowerCase(Locale.ROOT).equals(lower),
                        label ->
                                Arrays.stream(label.toLowerCase(Locale.ROOT).split(","))
                                        .anyMatch(part -> part.strip().equals(lower)));
        for (Predicate<String> way : ways) {
            List<Long> found = matching(way);
            if (found.size() == 1) {
                return found.get(0);
            }
            if (!found.isEmpty()) {
                throw VitrailException.usage(
                        "label '"
                                + text
                                + "': several classes have this name\n  choose:  "
                                + found.stream()
                                        .map(number -> word + ":" + number)
                                        .collect(Collectors.joining(", ")));
            }
        }
        List<String> names =
                labels.stream()
                        .flatMap(label -> Arrays.stream(label.split(",")))
                        .map(String::strip)
                        .toList();
        List<String> nearest = NearestNames.of(wanted, names);
        throw VitrailException.usage(
                model
                        + ": no class is called '"
                        + text
                        + "'"
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + "\n  or by number: "
                        + word
                        + ":0 to "
                        + word
                        + ":"
                        + (count - 1));
    }

    private List<Long> matching(Predicate<String> way) {
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < labels.size() && i < count; i++) {
            if (way.test(labels.get(i))) {
                found.add((long) i);
            }
        }
        return found;
    }

    /** Return the name of a class, empty where it has none. */
    static String name(List<String> labels, long number) {
        return number >= 0 && number < labels.size() ? labels.get((int) number) : "";
    }
}
