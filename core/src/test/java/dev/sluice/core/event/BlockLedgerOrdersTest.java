package dev.sluice.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The ledger under calls that are interleaved in every order, and in random company. */
@Tag("R34")
@Tag("R35")
@Tag("R36")
@Tag("R41")
class BlockLedgerOrdersTest {
    private static final List<List<String>> CALLS =
            List.of(
                    List.of("{\"a\":\"}", "{\\\"\"}"),
                    List.of("{\"b\":[{}", "]}"),
                    List.of("{\"c\":\"\\", "\\\"", "}"));

    @Test
    void everyOrderOfThreeCallsKeepsIdNameAndArguments() {
        int[] orders = {0};
        eachOrder(new int[CALLS.size()], new ArrayList<>(), orders);
        assertThat(orders[0]).isEqualTo(4200);
    }

    /**
     * Takes the steps of each call (its beginning, then its pieces) in every order between the
     * calls.
     */
    private static void eachOrder(int[] taken, List<Integer> order, int[] orders) {
        boolean done = true;
        for (int call = 0; call < taken.length; call++) {
            if (taken[call] <= CALLS.get(call).size()) {
                done = false;
                taken[call]++;
                order.add(call);
                eachOrder(taken, order, orders);
                order.removeLast();
                taken[call]--;
            }
        }
        if (done) {
            orders[0]++;
            check(order);
        }
    }

    private static void check(List<Integer> order) {
        CollectingSink sink = CollectingSink.started();
        BlockLedger ledger = new BlockLedger(sink);
        int[] taken = new int[CALLS.size()];
        List<Integer> begun = new ArrayList<>();
        for (int call : order) {
            int step = taken[call]++;
            if (step == 0) {
                begun.add(call);
                ledger.tool(call, "id" + call, "name" + call);
            } else {
                ledger.grow(call, DeltaKind.ARGUMENTS, Text.of(CALLS.get(call).get(step - 1)));
            }
        }
        ledger.finish();
        List<String> expected = new ArrayList<>();
        for (int index = 0; index < begun.size(); index++) {
            int call = begun.get(index);
            expected.add("start " + index + " TOOL_USE id" + call + " name" + call);
            expected.add("ARGUMENTS " + index + " " + String.join("", CALLS.get(call)));
            expected.add("stop " + index);
        }
        assertThat(sink.lines()).as("%s", order).isEqualTo(expected);
    }

    /** A call of the random test: what is still to come of it, and what has come. */
    private static final class Call {
        final long key;
        final String arguments;
        int sent;

        Call(long key, String arguments) {
            this.key = key;
            this.arguments = arguments;
        }
    }

    @Test
    @Tag("R44")
    void randomCompanyLosesInventsAndMisfilesNothing() {
        Seeded.times(
                1000,
                random -> {
                    CollectingSink sink = CollectingSink.started();
                    BlockLedger ledger = new BlockLedger(sink);
                    List<Call> calls = new ArrayList<>();
                    StringBuilder text = new StringBuilder();
                    StringBuilder thinking = new StringBuilder();
                    int steps = random.nextInt(60);
                    for (int i = 0; i < steps; i++) {
                        switch (random.nextInt(6)) {
                            case 0 -> append(ledger, DeltaKind.TEXT, text, "t" + i + "\" ");
                            case 1 -> append(ledger, DeltaKind.THINKING, thinking, "h" + i + " ");
                            case 2 -> {
                                Call call =
                                        new Call(
                                                random.nextInt(3) * 100 + calls.size(),
                                                object(random));
                                calls.add(call);
                                ledger.tool(call.key, "id" + call.key, "f");
                            }
                            default -> growOne(ledger, calls, random);
                        }
                    }
                    for (Call call : calls) {
                        send(ledger, call, call.arguments.length());
                    }
                    ledger.finish();
                    check(sink, calls, text.toString(), thinking.toString());
                });
    }

    private static void append(
            BlockLedger ledger, DeltaKind kind, StringBuilder all, String piece) {
        all.append(piece);
        ledger.append(kind, Text.of(piece));
    }

    private static void growOne(BlockLedger ledger, List<Call> calls, SplittableRandom random) {
        if (!calls.isEmpty()) {
            Call call = calls.get(random.nextInt(calls.size()));
            send(ledger, call, Math.min(call.arguments.length(), call.sent + random.nextInt(9)));
        }
    }

    private static void send(BlockLedger ledger, Call call, int to) {
        ledger.grow(
                call.key, DeltaKind.ARGUMENTS, Text.of(call.arguments.substring(call.sent, to)));
        call.sent = to;
    }

    private static String object(SplittableRandom random) {
        String[] values = {
            "1", "\"}\"", "\"\\\"{\"", "[{},[]]", "\"\\\\\"", "\"é😀\"", "null", "{\"x\":{}}"
        };
        StringBuilder out = new StringBuilder("{");
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            out.append(i == 0 ? "" : ",")
                    .append("\"m")
                    .append(i)
                    .append("\":")
                    .append(values[random.nextInt(values.length)]);
        }
        return out.append('}').toString();
    }

    private static void check(CollectingSink sink, List<Call> calls, String text, String thinking) {
        Accumulator accumulator = new Accumulator(1 << 20);
        sink.events().forEach(accumulator::onEvent);
        StringBuilder texts = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<AnswerBlock> tools = new ArrayList<>();
        for (AnswerBlock block : accumulator.answer().blocks()) {
            switch (block.kind()) {
                case TEXT -> texts.append(block.text());
                case THINKING -> thoughts.append(block.text());
                case TOOL_USE -> tools.add(block);
                default -> throw new AssertionError(block.kind());
            }
            assertThat(block.kind() == BlockKind.TOOL_USE || !block.text().isEmpty()).isTrue();
        }
        assertThat(sink.failure()).isEmpty();
        assertThat(texts.toString()).isEqualTo(text);
        assertThat(thoughts.toString()).isEqualTo(thinking);
        assertThat(tools).hasSize(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            assertThat(tools.get(i).id()).isEqualTo("id" + calls.get(i).key);
            assertThat(tools.get(i).text().toString()).isEqualTo(calls.get(i).arguments);
        }
    }
}
