package io.vitrail.spark;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Read the name of a file as Hadoop spells it: nothing in it is escaped. */
final class LocalFile {
    private static final Pattern SCHEME =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(//)?(/.*)?.*");

    private LocalFile() {}

    /**
     * Return the path of a name, which may begin with {@code file:}.
     *
     * @throws InvalidPathException if it is none, or names a file of another store
     */
    static Path of(String name) {
        Matcher scheme = SCHEME.matcher(name);
        if (!scheme.matches() || scheme.group(2) == null && scheme.group(3) == null) {
            return Path.of(name); // a:b.png is a file, too
        }
        if (!scheme.group(1).equals("file") || scheme.group(3) == null) {
            throw new InvalidPathException(name, "not a file of this machine's own");
        }
        return Path.of(scheme.group(3));
    }
}
