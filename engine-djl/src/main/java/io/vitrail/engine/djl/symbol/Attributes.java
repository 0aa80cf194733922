package io.vitrail.engine.djl.symbol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Read the attributes of one node, which are text in Python's spelling. */
record Attributes(SymbolNode node) {
    private static final Pattern WHOLE = Pattern.compile("-?\\d+|None");

    String text(String key, String otherwise) {
        return node.attribute(key, otherwise);
    }

    boolean has(String key) {
        String value = text(key, "None");
        return !value.equals("None");
    }

    boolean truth(String key, boolean otherwise) {
        String value = text(key, otherwise ? "True" : "False");
        return value.equals("True") || value.equals("1") || value.equals("true");
    }

    double number(String key, double otherwise) {
        String value = node.attributes().get(key);
        return value == null ? otherwise : Double.parseDouble(value.strip());
    }

    int whole(String key, int otherwise) {
        String value = node.attributes().get(key);
        return value == null ? otherwise : Integer.parseInt(value.strip());
    }

    /** Return the numbers of {@code (3, 3)}, {@code [3,3]} or {@code 3}; none for {@code None}. */
    List<Long> tuple(String key) {
        List<Long> numbers = new ArrayList<>();
        Matcher matcher = WHOLE.matcher(text(key, ""));
        while (matcher.find()) {
            if (!matcher.group().equals("None")) {
                numbers.add(Long.parseLong(matcher.group()));
            }
        }
        return numbers;
    }

    /** Return a tuple of a length, by default of one number repeated. */
    List<Long> tuple(String key, int length, long otherwise) {
        List<Long> numbers = tuple(key);
        return numbers.isEmpty() ? Collections.nCopies(length, otherwise) : numbers;
    }

    /** Return an axis counted from 0. */
    int axis(String key, int otherwise, int rank) {
        int axis = whole(key, otherwise);
        return axis < 0 ? axis + rank : axis;
    }
}
