package io.vitrail.runtime.plugin.internal;

import java.lang.module.ModuleDescriptor.Version;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of versions as Maven and OSGi write it: {@code [0.1,1)}; {@code 0.1} is that or higher.
 *
 * <p>A pre-release counts as its release: 0.1.0-SNAPSHOT is in {@code [0.1,1)}, and 1.0-beta is
 * not. Versions compare as those of modules do, which the JDK knows and which orders Maven's as
 * Maven does but for a few qualifiers; a library for that would be a dependency for one method.
 */
record VersionRange(String text, Version low, boolean withLow, Version high, boolean withHigh) {
    private static final Pattern FORM =
            Pattern.compile("([\\[(])\\s*([^,\\s]*)\\s*(,)?\\s*([^,\\s]*)\\s*([\\])])");
    private static final Version ZERO = Version.parse("0");

    /**
     * Return the range that a text writes.
     *
     * @throws IllegalArgumentException if it writes none
     */
    static VersionRange parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return new VersionRange(text, Version.parse(text.strip()), true, null, false);
        }
        boolean withLow = form.group(1).equals("[");
        boolean withHigh = form.group(5).equals("]");
        String from = form.group(2);
        String to = form.group(3) == null ? from : form.group(4);
        if (form.group(3) == null && (from.isEmpty() || !withLow || !withHigh)) {
            throw new IllegalArgumentException("one version in brackets is written [1.2]");
        }
        Version low = from.isEmpty() ? ZERO : Version.parse(from);
        Version high = to.isEmpty() ? null : Version.parse(to);
        if (high != null && low.compareTo(high) > 0) {
            throw new IllegalArgumentException(from + " is higher than " + to);
        }
        return new VersionRange(text, low, withLow, high, withHigh);
    }

    /** Return the range from a version up to the next one that may break what it promised. */
    static VersionRange compatibleWith(Version version) {
        String release = release(version.toString());
        BigInteger major = new BigInteger(release.replaceFirst("\\D.*", ""));
        return parse("[" + release + "," + major.add(BigInteger.ONE) + ")");
    }

    boolean contains(Version version) {
        Version release = Version.parse(release(version.toString()));
        int above = release.compareTo(low);
        if (above < 0 || above == 0 && !withLow) {
            return false;
        }
        if (high == null) {
            return true;
        }
        int below = release.compareTo(high);
        return below < 0 || below == 0 && withHigh;
    }

    /** {@code 1.2-SNAPSHOT} and {@code 1.2+7} are 1.2. */
    private static String release(String version) {
        return version.replaceFirst("[-+].*", "");
    }
}
