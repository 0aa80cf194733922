package io.vitrail.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Suggest what a user may have meant by a name that is not known. */
public final class NearestNames {
    private NearestNames() {}

    /**
     * Return up to five known names, nearest first.
     *
     * <p>Near is a small edit distance in relation to the length; a name that contains the wanted
     * one, or is contained in it, is near as well.
     */
    public static List<String> of(String wanted, Collection<String> known) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        record Near(String name, double distance) {}
        return known.stream()
                .distinct()
                .map(name -> new Near(name, distance(lower, name.toLowerCase(Locale.ROOT))))
                .filter(near -> near.distance <= 0.6)
                .sorted(Comparator.comparingDouble(Near::distance))
                .limit(5)
                .map(Near::name)
                .toList();
    }

    /**
     * Edits in relation to the longer name; containment counts as at most a quarter plus the rest.
     */
    private static double distance(String a, String b) {
        int longer = Math.max(Math.max(a.length(), b.length()), 1);
        double edits = (double) edits(a, b) / longer;
        if (!a.isEmpty() && !b.isEmpty() && (a.contains(b) || b.contains(a))) {
            return Math.min(edits, 0.25 + 0.3 * edits);
        }
        return edits;
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
