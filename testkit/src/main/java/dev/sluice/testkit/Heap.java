package dev.sluice.testkit;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How much memory is really in use: bytes that survive a collection. */
public final class Heap {
    private static final int MOST_COLLECTIONS = 8;
    private static final long SETTLED_BYTES = 64 * 1024;

    private Heap() {}

    /** Heap bytes in use after as many collections as it takes for the number to settle. */
    public static long usedAfterGc() {
        long last = Long.MAX_VALUE;
        for (int i = 0; i < MOST_COLLECTIONS; i++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (last - used < SETTLED_BYTES && used - last < SETTLED_BYTES) {
                return Math.min(used, last);
            }
            last = used;
        }
        return last;
    }

    /**
     * Bytes in direct byte buffers that the JDK knows of. A pool that takes its memory elsewhere
     * must be asked itself.
     */
    public static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /**
     * Waits until the heap is back at {@code bytes} or below; fails with the number after the
     * limit.
     */
    public static void awaitAtMost(long bytes, Duration limit) {
        Eventually.passes(
                limit,
                () -> {
                    long used = usedAfterGc();
                    if (used > bytes) {
                        throw new AssertionError(
                                "heap after gc: " + used + " bytes (expected: <= " + bytes + ")");
                    }
                });
    }
}
