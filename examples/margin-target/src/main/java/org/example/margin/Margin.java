package org.example.margin;

import io.vitrail.api.Target;
import io.vitrail.api.TargetForm;
import java.util.List;

/** Explain how far a class is ahead of another: {@code margin:281,282}, {@code margin:tabby,tiger}. */
public final class Margin implements TargetForm {
    @Override
    public String head() {
        return "margin";
    }

    @Override
    public String form() {
        return "margin:A,B";
    }

    @Override
    public String sentence() {
        return "How far class A is ahead of class B, by number or name.";
    }

    @Override
    public Target bind(Question question) {
        String[] classes = question.rest().split(",", -1);
        if (classes.length != 2 || classes[0].isBlank() || classes[1].isBlank()) {
            throw new IllegalArgumentException("two classes, with a comma between");
        }
        return question.combined(
                List.of(score(classes[0].strip()), score(classes[1].strip())),
                scores -> scores.get(0).sub(scores.get(1)));
    }

    private static String score(String name) {
        return (name.matches("[0-9]+") ? "class:" : "label:") + name;
    }
}
