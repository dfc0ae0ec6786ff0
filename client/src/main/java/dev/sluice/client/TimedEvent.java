package dev.sluice.client;

import dev.sluice.core.event.Event;

import java.time.Duration;

/**
 * An event and when it came.
 *
 * @param event the event; its text may be kept
 * @param at when it arrived, counted from the start of the stream
 */
public record TimedEvent(Event event, Duration at) {}
