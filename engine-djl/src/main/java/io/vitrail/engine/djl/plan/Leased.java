package io.vitrail.engine.djl.plan;

/**
 * Something native that several users share; it is freed when the last lease ends.
 *
 * <p>A model is closed, or a plan leaves its cache, while passes still run: they keep what they
 * use.
 */
public final class Leased<T extends AutoCloseable> {
    private final T resource;
    private final Runnable free;
    private int leases = 1; // the owner's

    public Leased(T resource, Runnable free) {
        this.resource = resource;
        this.free = free;
    }

    /** Take a lease; false if it was freed already. */
    public synchronized boolean lease() {
        if (leases == 0) {
            return false;
        }
        leases++;
        return true;
    }

    public T get() {
        return resource;
    }

    /** End a lease. */
    public void release() {
        synchronized (this) {
            if (--leases != 0) {
                return;
            }
        }
        free.run();
    }
}
