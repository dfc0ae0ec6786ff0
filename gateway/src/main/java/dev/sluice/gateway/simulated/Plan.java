package dev.sluice.gateway.simulated;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * What the simulated model is going to answer, apart from when: blocks, one after the other, and
 * how they end.
 *
 * @param stops texts at which it stops
 */
record Plan(List<Part> parts, Ending ending, List<String> stops) {
    Plan {
        parts = List.copyOf(parts);
        stops = List.copyOf(stops);
    }

    /**
     * A content block.
     *
     * @param id of a tool use
     * @param name of a tool use
     * @param data of redacted thinking the JSON string that holds it; of the call of a tool that
     *     takes free text the word {@code custom}
     * @param tokens what it grows by
     * @param shown whether its tokens are said or only counted
     * @param signature the seal on thinking, perhaps empty
     */
    record Part(
            BlockKind kind,
            String id,
            String name,
            @Nullable Raw data,
            Iterator<Token> tokens,
            boolean shown,
            Text signature) {
        /** Marks the call of a tool that takes free text. */
        private static final Raw CUSTOM = Raw.of("\"custom\"");

        static Part text(Iterator<Token> tokens) {
            return of(BlockKind.TEXT, tokens);
        }

        static Part refusal(Iterator<Token> tokens) {
            return of(BlockKind.REFUSAL, tokens);
        }

        static Part tool(String id, String name, boolean custom, Iterator<Token> arguments) {
            return new Part(
                    BlockKind.TOOL_USE,
                    id,
                    name,
                    custom ? CUSTOM : null,
                    arguments,
                    true,
                    Text.EMPTY);
        }

        static Part thinking(Iterator<Token> tokens, boolean shown, Text signature) {
            return new Part(BlockKind.THINKING, "", "", null, tokens, shown, signature);
        }

        static Part redacted(Raw data) {
            return new Part(
                    BlockKind.REDACTED_THINKING,
                    "",
                    "",
                    data,
                    Collections.emptyIterator(),
                    true,
                    Text.EMPTY);
        }

        private static Part of(BlockKind kind, Iterator<Token> tokens) {
            return new Part(kind, "", "", null, tokens, true, Text.EMPTY);
        }

        DeltaKind growth() {
            return switch (kind) {
                case TEXT -> DeltaKind.TEXT;
                case THINKING -> DeltaKind.THINKING;
                case TOOL_USE -> DeltaKind.ARGUMENTS;
                case REFUSAL -> DeltaKind.REFUSAL;
                case REDACTED_THINKING, OPAQUE ->
                        throw new IllegalStateException("a block of " + kind + " does not grow");
            };
        }
    }

    /** How it ends. All but a stop leave the last block open. */
    sealed interface Ending {
        /** As it should. */
        record Stopped(StopReason reason) implements Ending {}

        /** With an error that the model server reports. */
        record Failed(Failure failure) implements Ending {}

        /** Without an end: the way to the model server breaks. */
        record Broken(Failure failure) implements Ending {}

        /** Never; {@code pings} tells whether signs of life still come. */
        record Silent(boolean pings) implements Ending {}
    }
}
