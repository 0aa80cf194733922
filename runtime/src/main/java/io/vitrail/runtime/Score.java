package io.vitrail.runtime;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Choose which number of a class is explained. */
public enum Score {
    /** The value before a final softmax or sigmoid, found in the graph; unbounded. */
    LOGIT,
    /** The softmax or sigmoid, 0 to 1; where the graph ends in none, the softmax of its output. */
    PROBABILITY,
    /** The loss itself, {@code -log p}; 0 or more. */
    CROSS_ENTROPY;

    /** Return the spelling of the command line: {@code cross-entropy}. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Return the score with this spelling.
     *
     * @throws VitrailException of kind {@code USAGE} if there is none
     */
    public static Score of(String spelling) {
        for (Score score : values()) {
            if (score.spelling().equals(spelling)) {
                return score;
            }
        }
        List<String> known = Arrays.stream(values()).map(Score::spelling).toList();
        List<String> nearest = NearestNames.of(spelling, known);
        throw VitrailException.usage(
                "no score '"
                        + spelling
                        + "'"
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + "\n  all:     "
                        + String.join(", ", known));
    }
}
