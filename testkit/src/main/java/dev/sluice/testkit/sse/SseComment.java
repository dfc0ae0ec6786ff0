package dev.sluice.testkit.sse;

/**
 * One comment line, as keepalives are.
 *
 * @param text what stands after the colon, without one leading space
 * @param before how many events were dispatched before it
 * @param nanos when its line end arrived, by {@link System#nanoTime}
 */
public record SseComment(String text, int before, long nanos) {}
