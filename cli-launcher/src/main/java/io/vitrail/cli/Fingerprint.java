package io.vitrail.cli;

/** Stand for names in tables that a million of them fit into: 64 bits each. */
final class Fingerprint {
    private static final long FIRST = 0xcbf29ce484222325L;
    private static final long SECOND = 0x9e3779b97f4a7c15L;

    private Fingerprint() {}

    /**
     * Return the fingerprint of a name. Two of a million names share one once in 30 million runs.
     */
    static long of(String name) {
        return of(name, FIRST);
    }

    /** Return another fingerprint, independent of the first. */
    static long other(String name) {
        return of(name, SECOND);
    }

    private static long of(String name, long seed) {
        long hash = seed;
        for (int i = 0; i < name.length(); i++) {
            hash = mixed(hash ^ name.charAt(i));
        }
        return mixed(hash ^ (long) name.length() << 32);
    }

    /** Let every bit reach every other; the finish of splitmix64 (Steele et al. 2014). */
    static long mixed(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
