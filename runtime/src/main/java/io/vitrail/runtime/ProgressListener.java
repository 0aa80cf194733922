package io.vitrail.runtime;

/** Hear how far an explanation is. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Take note of the progress.
     *
     * @param step what is being done: {@code forward}, or a method's id
     * @param done how much of it is done, 0 to {@code total}
     * @param total how much there is to do: items for {@code forward}, -1 where only the end will
     *     tell; what the method counts for a method
     */
    void progress(String step, long done, long total);
}
