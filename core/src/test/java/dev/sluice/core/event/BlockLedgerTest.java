package dev.sluice.core.event;

import static dev.sluice.core.event.Event.DeltaKind.ARGUMENTS;
import static dev.sluice.core.event.Event.DeltaKind.REFUSAL;
import static dev.sluice.core.event.Event.DeltaKind.SIGNATURE;
import static dev.sluice.core.event.Event.DeltaKind.TEXT;
import static dev.sluice.core.event.Event.DeltaKind.THINKING;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BlockLedgerTest {
    private final CollectingSink sink = CollectingSink.started();
    private final BlockLedger ledger = new BlockLedger(sink);

    private void text(String text) {
        ledger.append(TEXT, Text.of(text));
    }

    private void arguments(long key, String json) {
        ledger.grow(key, ARGUMENTS, Text.of(json));
    }

    private void expect(String... lines) {
        assertThat(sink.lines()).containsExactly(lines);
    }

    @Test
    @Tag("R41")
    void closesABlockBeforeItOpensTheNext() {
        ledger.append(THINKING, Text.of("hm"));
        ledger.append(SIGNATURE, Text.of("sig"));
        text("a");
        text("b");
        ledger.append(REFUSAL, Text.of("no"));
        text("c");
        ledger.finish();
        expect(
                "start 0 THINKING",
                "THINKING 0 hm",
                "SIGNATURE 0 sig",
                "stop 0",
                "start 1 TEXT",
                "TEXT 1 ab",
                "stop 1",
                "start 2 REFUSAL",
                "REFUSAL 2 no",
                "stop 2",
                "start 3 TEXT",
                "TEXT 3 c",
                "stop 3");
        assertThat(ledger.size()).isEqualTo(4);
    }

    @Test
    @Tag("R44")
    void takesNoEmptyTextForContent() {
        text("");
        ledger.append(THINKING, Text.EMPTY);
        arguments(7, "");
        expect();
        text("a");
        ledger.append(THINKING, Text.EMPTY);
        text("b");
        ledger.finish();
        expect("start 0 TEXT", "TEXT 0 ab", "stop 0");
    }

    @Test
    @Tag("R38")
    void handsTheFirstPieceOfACallOverAtOnce() {
        ledger.tool(0, "call_1", "f");
        expect("start 0 TOOL_USE call_1 f");
        arguments(0, "{\"a");
        expect("start 0 TOOL_USE call_1 f", "ARGUMENTS 0 {\"a");
        assertThat(ledger.toolSeen()).isTrue();
    }

    @Test
    @Tag("R34")
    @Tag("R35")
    void buffersTheDeltasOfACallThatWaits() {
        ledger.tool(0, "c0", "f");
        arguments(0, "{\"a\"");
        ledger.tool(1, "c1", "g");
        arguments(1, "{\"b\":");
        arguments(0, ":1");
        arguments(1, "2}");
        expect("start 0 TOOL_USE c0 f", "ARGUMENTS 0 {\"a\":1");
        arguments(0, "}");
        expect(
                "start 0 TOOL_USE c0 f",
                "ARGUMENTS 0 {\"a\":1}",
                "stop 0",
                "start 1 TOOL_USE c1 g",
                "ARGUMENTS 1 {\"b\":2}");
        ledger.finish();
        assertThat(sink.lines()).last().isEqualTo("stop 1");
        assertThat(sink.lines()).hasSize(6);
    }

    @Test
    @Tag("R34")
    void ordersManyCallsThatWait() {
        for (int i = 0; i < 5; i++) {
            ledger.tool(i, "c" + i, "f");
        }
        for (int i = 4; i >= 0; i--) {
            arguments(i, "{\"n\":" + i + "}");
        }
        ledger.finish();
        for (int i = 0; i < 5; i++) {
            assertThat(sink.lines())
                    .containsSubsequence(
                            "start " + i + " TOOL_USE c" + i + " f",
                            "ARGUMENTS " + i + " {\"n\":" + i + "}",
                            "stop " + i);
        }
        assertThat(sink.lines()).hasSize(15);
    }

    @Test
    void keepsACallWithoutArgumentsOpenUntilTheEnd() {
        ledger.tool(0, "c0", "f");
        ledger.tool(1, "c1", "g");
        arguments(1, "{}");
        expect("start 0 TOOL_USE c0 f");
        ledger.finish();
        expect(
                "start 0 TOOL_USE c0 f",
                "stop 0",
                "start 1 TOOL_USE c1 g",
                "ARGUMENTS 1 {}",
                "stop 1");
    }

    @Test
    void stopsWhatTheWireStops() {
        ledger.open(0, BlockKind.TEXT, "", "", null);
        ledger.grow(0, TEXT, Text.of("a"));
        ledger.stop(0);
        expect("start 0 TEXT", "TEXT 0 a", "stop 0");
        ledger.open(1, BlockKind.TOOL_USE, "c", "f", null);
        ledger.open(2, BlockKind.TOOL_USE, "d", "g", null);
        ledger.grow(2, ARGUMENTS, Text.of("{}"));
        ledger.stop(2);
        ledger.stop(1);
        ledger.stop(1);
        ledger.stop(99);
        expect(
                "start 0 TEXT",
                "TEXT 0 a",
                "stop 0",
                "start 1 TOOL_USE c f",
                "stop 1",
                "start 2 TOOL_USE d g",
                "ARGUMENTS 2 {}",
                "stop 2");
    }

    @Test
    @Tag("R35")
    void serialisesBlocksThatTheWireLeavesOpen() {
        ledger.open(0, BlockKind.THINKING, "", "", null);
        ledger.grow(0, THINKING, Text.of("hm"));
        ledger.open(1, BlockKind.TEXT, "", "", null);
        ledger.grow(1, TEXT, Text.of("a"));
        ledger.open(2, BlockKind.TOOL_USE, "c", "f", null);
        ledger.grow(2, ARGUMENTS, Text.of("{}"));
        ledger.grow(0, SIGNATURE, Text.EMPTY);
        ledger.stop(0);
        ledger.stop(1);
        ledger.stop(2);
        ledger.finish();
        expect(
                "start 0 THINKING",
                "THINKING 0 hm",
                "stop 0",
                "start 1 TEXT",
                "TEXT 1 a",
                "stop 1",
                "start 2 TOOL_USE c f",
                "ARGUMENTS 2 {}",
                "stop 2");
    }

    @Test
    @Tag("R41")
    void makesLateGrowthOfAClosedBlockABlockOfItsOwn() {
        ledger.open(0, BlockKind.TEXT, "", "", null);
        ledger.grow(0, TEXT, Text.of("a"));
        ledger.open(1, BlockKind.TEXT, "", "", null);
        ledger.grow(1, TEXT, Text.of("x"));
        ledger.grow(0, TEXT, Text.of("b"));
        ledger.grow(0, TEXT, Text.of("c"));
        ledger.grow(1, TEXT, Text.of("y"));
        ledger.finish();
        expect(
                "start 0 TEXT",
                "TEXT 0 a",
                "stop 0",
                "start 1 TEXT",
                "TEXT 1 x",
                "stop 1",
                "start 2 TEXT",
                "TEXT 2 bc",
                "stop 2",
                "start 3 TEXT",
                "TEXT 3 y",
                "stop 3");
    }

    @Test
    void failsRatherThanMisfileLateArguments() {
        ledger.tool(0, "c0", "f");
        arguments(0, "{}");
        ledger.tool(1, "c1", "g");
        arguments(0, " \n");
        assertThat(ledger.failed()).isFalse();
        arguments(0, "x");
        assertThat(ledger.failed()).isTrue();
        assertThat(sink.failure())
                .isEqualTo("the upstream sent more arguments for a tool call that was complete");
        text("nothing more");
        ledger.tool(3, "c", "f");
        ledger.whole(BlockKind.OPAQUE, "x", Raw.of("{}"));
        ledger.annotateLast("x", Raw.of("1"));
        ledger.stop(1);
        ledger.finish();
        assertThat(sink.ended()).isTrue();
    }

    @Test
    void failsOnArgumentsOfACallThatDidNotBegin() {
        arguments(0, "{}");
        assertThat(sink.failure())
                .isEqualTo("the upstream sent arguments for a tool call that did not begin");
    }

    @Test
    void knowsWhichCallsAreWhole() {
        ledger.tool(0, "c0", "f");
        assertThat(ledger.isWhole(0)).isFalse();
        arguments(0, "{\"a\":\"}");
        assertThat(ledger.isWhole(0)).isFalse();
        arguments(0, "\"}");
        assertThat(ledger.isWhole(0)).isTrue();
        ledger.tool(1, "c1", "g");
        assertThat(ledger.isWhole(0)).isTrue();
        assertThat(ledger.isWhole(1)).isFalse();
        assertThat(ledger.isWhole(2)).isFalse();
        assertThat(ledger.knows(0)).isTrue();
        assertThat(ledger.knows(2)).isFalse();
    }

    @Test
    void holdsWhatComesBehindFreeTextUntilTheWireStopsIt() {
        ledger.customTool(0, "c0", "run");
        arguments(0, "{}");
        text("after");
        expect("start 0 TOOL_USE c0 run \"custom\"", "ARGUMENTS 0 {}");
        arguments(0, " more");
        ledger.stop(0);
        ledger.finish();
        expect(
                "start 0 TOOL_USE c0 run \"custom\"",
                "ARGUMENTS 0 {} more",
                "stop 0",
                "start 1 TEXT",
                "TEXT 1 after",
                "stop 1");
    }

    @Test
    void passesWholeBlocksInTheirPlace() {
        text("a");
        ledger.whole(BlockKind.REDACTED_THINKING, "", Raw.of("\"sealed\""));
        ledger.tool(0, "c", "f");
        ledger.whole(BlockKind.OPAQUE, "server_tool", Raw.of("{\"x\":1}"));
        text("b");
        ledger.finish();
        expect(
                "start 0 TEXT",
                "TEXT 0 a",
                "stop 0",
                "start 1 REDACTED_THINKING   \"sealed\"",
                "stop 1",
                "start 2 TOOL_USE c f",
                "stop 2",
                "start 3 OPAQUE  server_tool {\"x\":1}",
                "stop 3",
                "start 4 TEXT",
                "TEXT 4 b",
                "stop 4");
    }

    @Test
    void putsNotesOnTheBlockThatTheyAreFor() {
        ledger.annotateLast("lost", Raw.of("0"));
        text("a");
        ledger.annotateLast("logprobs", Raw.of("1"));
        ledger.tool(5, "c", "f");
        ledger.tool(6, "d", "g");
        ledger.annotate(6, "note", Raw.of("2"));
        arguments(6, "{}");
        ledger.annotateLast("last", Raw.of("3"));
        ledger.annotate(5, "first", Raw.of("4"));
        ledger.annotate(77, "open", Raw.of("5"));
        ledger.finish();
        expect(
                "start 0 TEXT",
                "TEXT 0 a",
                "note 0 logprobs 1",
                "stop 0",
                "start 1 TOOL_USE c f",
                "note 1 first 4",
                "note 1 open 5",
                "stop 1",
                "start 2 TOOL_USE d g",
                "note 2 note 2",
                "ARGUMENTS 2 {}",
                "note 2 last 3",
                "stop 2");
    }

    @Test
    void dropsNotesOnAClosedBlock() {
        ledger.open(0, BlockKind.TEXT, "", "", null);
        ledger.grow(0, TEXT, Text.of("a"));
        ledger.tool(1, "c", "f");
        ledger.annotate(0, "citation", Raw.of("1"));
        ledger.finish();
        expect("start 0 TEXT", "TEXT 0 a", "stop 0", "start 1 TOOL_USE c f", "stop 1");
    }

    @Test
    void usesAKeyOfTheWireAgain() {
        ledger.tool(0, "c0", "f");
        arguments(0, "{}");
        ledger.tool(0, "c1", "g");
        arguments(0, "{\"b\":1}");
        ledger.finish();
        expect(
                "start 0 TOOL_USE c0 f",
                "ARGUMENTS 0 {}",
                "stop 0",
                "start 1 TOOL_USE c1 g",
                "ARGUMENTS 1 {\"b\":1}",
                "stop 1");
    }

    @Test
    void limitsWhatItHolds() {
        BlockLedger small = new BlockLedger(sink, 100, 1000);
        small.tool(0, "c0", "f");
        small.tool(1, "c1", "g");
        Text piece = Text.of("x".repeat(100));
        for (int i = 0; i < 8; i++) {
            small.grow(1, ARGUMENTS, piece);
        }
        assertThat(small.failed()).isFalse();
        small.grow(1, ARGUMENTS, piece);
        assertThat(sink.failure())
                .isEqualTo("the upstream interleaves tool calls of more than 1000 bytes");
    }

    @Test
    void limitsBlocksAndNotesThatWaitByWhatTheyCost() {
        for (int kind = 0; kind < 4; kind++) {
            CollectingSink out = CollectingSink.started();
            BlockLedger small = new BlockLedger(out, 1 << 20, 10_000);
            small.tool(0, "c0", "f");
            small.tool(1, "c1", "g");
            int count = 0;
            while (!small.failed() && count++ < 10_000) {
                switch (kind) {
                    case 0 -> small.tool(count + 2, "", "");
                    case 1 -> small.annotate(1, "", Raw.of("1"));
                    case 2 -> small.whole(BlockKind.OPAQUE, "x".repeat(500), Raw.of("{}"));
                    default -> {
                        small.append(THINKING, Text.of("x"));
                        small.append(SIGNATURE, Text.of("x"));
                    }
                }
            }
            assertThat(count).isLessThan(200);
            assertThat(out.failure()).contains("more than 10000 bytes");
        }
    }

    @Test
    void giveBackWhatTheyHeldWhenTheyGoOut() {
        BlockLedger small = new BlockLedger(sink, 1000, 1000);
        for (int i = 0; i < 300; i += 2) {
            small.tool(i, "a", "f");
            small.tool(i + 1, "b", "g");
            small.grow(i + 1, ARGUMENTS, Text.of("{\"x\":\"" + "y".repeat(500) + "\"}"));
            small.annotate(i + 1, "n", Raw.of("1"));
            small.grow(i, ARGUMENTS, Text.of("{}"));
        }
        small.finish();
        assertThat(small.failed()).isFalse();
        assertThat(sink.lines().stream().filter(line -> line.startsWith("stop"))).hasSize(300);
    }

    @Test
    void limitsTheNumberOfBlocks() {
        BlockLedger small = new BlockLedger(sink, 3, 1000);
        small.append(TEXT, Text.of("a"));
        small.append(THINKING, Text.of("a"));
        small.append(TEXT, Text.of("a"));
        assertThat(small.failed()).isFalse();
        small.append(THINKING, Text.of("a"));
        assertThat(sink.failure()).isEqualTo("the upstream's message has more than 3 blocks");
    }
}
