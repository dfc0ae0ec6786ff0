package dev.sluice.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

@Tag("R40")
class StreamGrammarTest {
    /**
     * An event by its letter: M message start, B and T blocks of text and of a tool, d a delta of
     * text, a of arguments, n a note, e the block's stop, u usage alone, r a stop reason, S the
     * message's stop, p a ping, F a failure. Block events take the index of the block that was
     * begun last.
     */
    private static Event event(char letter, int index) {
        Text text = Text.of("x");
        return switch (letter) {
            case 'M' -> new Event.MessageStart("id", "m", 0, Usage.NONE);
            case 'B' -> Event.BlockStart.of(index + 1, BlockKind.TEXT);
            case 'T' -> Event.BlockStart.tool(index + 1, "c", "f");
            case 'd' -> new Event.Delta(index, DeltaKind.TEXT, text);
            case 'a' -> new Event.Delta(index, DeltaKind.ARGUMENTS, text);
            case 'n' -> new Event.Annotation(index, "n", Raw.of("1"));
            case 'e' -> new Event.BlockStop(index);
            case 'u' -> new Event.MessageDelta(null, null, Usage.of(1, 2, 3, 4, 5));
            case 'r' -> new Event.MessageDelta(StopReason.END_TURN, null, Usage.NONE);
            case 'S' -> Event.STOP;
            case 'p' -> Event.PING;
            case 'F' -> new Event.Failed(Failure.of(FailureCode.INTERNAL, "x"));
            default -> throw new IllegalArgumentException("letter: " + letter);
        };
    }

    /** How many of the events are accepted. */
    private static int accepted(String letters, StreamGrammar grammar) {
        int index = -1;
        for (int i = 0; i < letters.length(); i++) {
            if (!grammar.accept(event(letters.charAt(i), index))) {
                return i;
            }
            index += "BT".indexOf(letters.charAt(i)) >= 0 ? 1 : 0;
        }
        return letters.length();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MrS",
                "MBderS",
                "MpBpdpnpeprpS",
                "pMrS",
                "MBdddeTaaerS",
                "MBeTeBerS",
                "MuBudueurrS",
                "F",
                "pF",
                "MF",
                "MBF",
                "MBdeF",
                "MBderF",
                "MuuurS",
                "MBnerS",
                "MruS"
            })
    void takesLegalStreams(String letters) {
        StreamGrammar grammar = new StreamGrammar();
        assertThat(accepted(letters, grammar)).as(grammar.violation()).isEqualTo(letters.length());
        assertThat(grammar.ended()).isTrue();
        for (char letter : "MBTdaneurSpF".toCharArray()) {
            assertThat(grammar.accept(event(letter, 0))).isFalse();
            assertThat(grammar.violation()).isEqualTo("an event after the end");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MM, a second start of the message",
        "B, a block before the start of the message",
        "d, block -1 is touched while it is not open",
        "e, block -1 is touched while it is not open",
        "u, a message delta before the start of the message",
        "r, a message delta before the start of the message",
        "S, the end of a message that did not start",
        "MS, the end of a message without a stop reason",
        "MuS, the end of a message without a stop reason",
        "MBS, the end of the message while block 0 is open",
        "MBr, a stop reason while block 0 is open",
        "MBB, block 1 starts while block 0 is open",
        "MBdeTT, block 2 starts while block 1 is open",
        "MBed, block 0 is touched while it is not open",
        "MBen, block 0 is touched while it is not open",
        "MBee, block 0 is touched while it is not open",
        "MrB, block 0 starts after the stop reason",
        "MBa, a ARGUMENTS delta in a block of TEXT",
        "MTd, a TEXT delta in a block of TOOL_USE"
    })
    void refusesIllegalStreams(String letters, String violation) {
        StreamGrammar grammar = new StreamGrammar();
        assertThat(accepted(letters, grammar)).isEqualTo(letters.length() - 1);
        assertThat(grammar.violation()).isEqualTo(violation);
    }

    @ParameterizedTest
    @CsvSource({"1", "-1", "5"})
    void refusesAnIndexThatIsNotNext(int index) {
        StreamGrammar grammar = new StreamGrammar();
        grammar.accept(event('M', 0));
        assertThat(grammar.accept(Event.BlockStart.of(index, BlockKind.TEXT))).isFalse();
        assertThat(grammar.violation())
                .isEqualTo("block " + index + " starts where block 0 is next");
        assertThat(grammar.accept(Event.BlockStart.of(0, BlockKind.TEXT))).isTrue();
        assertThat(grammar.accept(new Event.BlockStop(index))).isFalse();
        assertThat(grammar.openBlock()).as("a refused event changes nothing").isZero();
        assertThat(grammar.accept(new Event.BlockStop(0))).isTrue();
        assertThat(grammar.openBlock()).isEqualTo(-1);
        assertThat(grammar.accept(Event.BlockStart.of(0, BlockKind.TEXT))).isFalse();
    }

    @Test
    void fitsDeltasToBlocks() {
        for (BlockKind kind : BlockKind.values()) {
            for (DeltaKind delta : DeltaKind.values()) {
                StreamGrammar grammar = new StreamGrammar();
                grammar.accept(event('M', 0));
                grammar.accept(Event.BlockStart.of(0, kind));
                boolean fits =
                        switch (kind) {
                            case TEXT -> delta == DeltaKind.TEXT;
                            case THINKING ->
                                    delta == DeltaKind.THINKING || delta == DeltaKind.SIGNATURE;
                            case TOOL_USE, OPAQUE -> delta == DeltaKind.ARGUMENTS;
                            case REFUSAL -> delta == DeltaKind.REFUSAL;
                            case REDACTED_THINKING -> false;
                        };
                assertThat(grammar.accept(new Event.Delta(0, delta, Text.of("x")))).isEqualTo(fits);
            }
        }
    }

    /** What is legal, as an expression over the letters. */
    private static final Pattern LEGAL =
            Pattern.compile(
                    "p*(F|M(u|p|B[dnpu]*e|T[anpu]*e)*(r[urp]*S|(r[urp]*)?F|B[dnpu]*F|T[anpu]*F))");

    @Test
    void agreesWithAnExpressionOnRandomWalks() {
        int[] legal = {0};
        boolean all =
                Seeded.times(
                        30_000,
                        random -> {
                            String walk = walk(random);
                            StreamGrammar grammar = new StreamGrammar();
                            boolean whole =
                                    accepted(walk, grammar) == walk.length() && grammar.ended();
                            assertThat(whole).as(walk).isEqualTo(LEGAL.matcher(walk).matches());
                            legal[0] += whole ? 1 : 0;
                        });
        if (all) {
            assertThat(legal[0]).as("walks to a legal end").isBetween(1000, 29_000);
        }
    }

    /** Mostly legal steps, so that walks get far, and sometimes any step. */
    private static String walk(SplittableRandom random) {
        StreamGrammar grammar = new StreamGrammar();
        StringBuilder walk = new StringBuilder();
        int index = -1;
        int length = 1 + random.nextInt(20);
        while (walk.length() < length && !grammar.ended()) {
            List<Character> steps = new ArrayList<>();
            boolean any = random.nextInt(30) == 0;
            for (char letter : "MBTdaneurSpF".toCharArray()) {
                boolean rare = letter == 'F' || letter == 'p' || letter == 'r';
                if (any || !rare || random.nextInt(4) == 0) {
                    steps.add(letter);
                }
            }
            char letter = steps.get(random.nextInt(steps.size()));
            boolean legal = grammar.accept(event(letter, index));
            if (legal || any) {
                walk.append(letter);
                index += "BT".indexOf(letter) >= 0 ? 1 : 0;
            }
            if (!legal && any) {
                return walk.toString();
            }
        }
        return walk.toString();
    }
}
