package io.vitrail.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Inputs that are still to be done, one after the other, each looked at when its turn comes. */
final class Todo implements Iterator<NamedInput> {
    private final Iterator<Path> files;
    private final Naming naming;
    private final Function<NamedInput, Choice> choice;
    private long position;
    private boolean ended;
    private @Nullable NamedInput next;

    /** What is to become of an input. */
    enum Choice {
        DO,
        /** It is done already. */
        LEAVE,
        /** Neither it nor any behind it. */
        END
    }

    /** Make an input of a file. */
    @FunctionalInterface
    interface Naming {
        /** Return the input at a position among all. */
        NamedInput input(long position, Path file);
    }

    /**
     * @param first the position of the first file among all inputs
     */
    Todo(Iterator<Path> files, long first, Naming naming, Function<NamedInput, Choice> choice) {
        this.files = files;
        this.position = first;
        this.naming = naming;
        this.choice = choice;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ended && files.hasNext()) {
            NamedInput input = naming.input(position++, files.next());
            switch (choice.apply(input)) {
                case DO -> next = input;
                case LEAVE -> {}
                case END -> ended = true;
            }
        }
        return next != null;
    }

    @Override
    public NamedInput next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        NamedInput given = Objects.requireNonNull(next);
        next = null;
        return given;
    }
}
