package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Event;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Streams of servers that leave out, double and mix up whatever they like. What is read of them is
 * legal all the same, and what is written of that is what strict clients take.
 */
class AnthropicMessyStreamTest {
    private static final int STREAMS = 1000;
    private static final AnthropicEvents M = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");

    @Test
    @Tag("R15")
    @Tag("R35")
    @Tag("R40")
    void readsAndWritesNothingButLegalStreams() {
        long seed = Splits.seed();
        for (int i = 0; i < STREAMS; i++) {
            String stream = stream(new SplittableRandom(seed + i));
            try {
                check(stream);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "repeat with -Dsluice.seed=" + (seed + i) + "\n" + stream, e);
            }
        }
    }

    private static void check(String stream) {
        List<Event> events = Wire.decode(stream);
        Accumulator folded = Wire.fold(events);
        assertThat(folded.complete() != folded.failure().isPresent()).isTrue();
        FoldedAnswer written =
                AnthropicStreamValidator.strict().validate(Wire.encode(events, Wire.SAME));
        assertThat(written.isComplete()).isEqualTo(folded.complete());
        assertThat(written.text()).isEqualTo(folded.answer().text());
        Accumulator again = Wire.fold(Wire.decode(Wire.encode(events, Wire.SAME)));
        assertThat(again.answer().blocks().size()).isEqualTo(folded.answer().blocks().size());
    }

    /** Arguments are broken only where a limit says why. */
    private static String stream(SplittableRandom random) {
        boolean cut = random.nextBoolean();
        StringBuilder out = new StringBuilder(random.nextInt(8) == 0 ? "" : M.start(3));
        int length = random.nextInt(2, 30);
        for (int i = 0; i < length; i++) {
            out.append(frame(random, i, cut));
        }
        if (cut || random.nextInt(4) > 0) {
            out.append(M.messageDelta(cut ? "max_tokens" : "end_turn", 4));
        }
        return out.append(random.nextInt(4) > 0 ? M.stop() : "").toString();
    }

    private static String frame(SplittableRandom random, int number, boolean cut) {
        int index = random.nextInt(4);
        String more = cut && random.nextBoolean() ? "1}" : "";
        String arguments = cut && random.nextBoolean() ? "{\"a\":" : "{\"b\":2}";
        return switch (random.nextInt(14)) {
            case 0 -> M.textStart(index);
            case 1 -> M.thinkingStart(index);
            case 2 -> M.toolStart(index, "toolu_" + number, "f") + M.input(index, arguments);
            case 3 -> M.toolStart(index, "toolu_" + number, "g") + M.input(index, "{}");
            case 4 -> M.input(index, more);
            case 5, 6 -> M.text(index, random.nextInt(5) == 0 ? "" : "t" + number);
            case 7 -> M.thinking(index, "h" + number);
            case 8 -> M.signature(index, random.nextBoolean() ? "" : "c2ln");
            case 9, 10 -> M.blockStop(index);
            case 11 -> M.blockStart(index, "{\"type\":\"redacted_thinking\",\"data\":\"d\"}");
            case 12 -> M.blockStart(4, "{\"type\":\"of_the_future\",\"x\":[]}");
            default -> random.nextBoolean() ? M.ping() : ": comment\n\n";
        };
    }
}
