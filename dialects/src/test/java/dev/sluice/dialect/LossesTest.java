package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Losses;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.stream.BedrockEvents;
import dev.sluice.testkit.stream.BedrockFrames;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whatever an upstream of one dialect says beside the five stories is in the answer of another
 * dialect's client, or is told to be lost.
 */
class LossesTest {
    /** Stands inside of what the other dialect may have no place for. */
    private static final String MARK = "left-or-lost";

    private static final String TOKEN =
            "{\"token\":\"" + MARK + "\",\"logprob\":-0.5,\"bytes\":null,\"top_logprobs\":[]}";

    /** Something that upstreams of {@code dialect} say, and the name that it has there. */
    enum Extra {
        ANTHROPIC_CITATION("anthropic", "citations_delta"),
        BEDROCK_CITATION("bedrock", "citation"),
        GEMINI_GROUNDING("gemini", "groundingMetadata"),
        GEMINI_RATINGS("gemini", "safetyRatings"),
        CHAT_ANNOTATIONS("openai-chat", "annotations"),
        CHAT_OTHER_MEMBER("openai-chat", "reasoning_details"),
        CHAT_LOGPROBS("openai-chat", "logprobs"),
        RESPONSES_ANNOTATION("openai-responses", "annotation"),
        RESPONSES_LOGPROBS("openai-responses", "logprobs"),
        OLLAMA_LOGPROBS("ollama", "logprobs");

        private final String dialect;
        private final String lost;

        Extra(String dialect, String lost) {
            this.dialect = dialect;
            this.lost = lost;
        }

        byte[] stream() {
            return switch (this) {
                case ANTHROPIC_CITATION -> anthropic();
                case BEDROCK_CITATION -> bedrock();
                case GEMINI_GROUNDING -> gemini("{\"webSearchQueries\":[\"" + MARK + "\"]}");
                case GEMINI_RATINGS -> gemini("[{\"category\":\"" + MARK + "\"}]");
                case CHAT_ANNOTATIONS, CHAT_OTHER_MEMBER ->
                        chat("\"" + lost + "\":[{\"type\":\"" + MARK + "\"}]", "");
                case CHAT_LOGPROBS ->
                        chat(
                                "\"role\":\"assistant\"",
                                ",\"logprobs\":{\"content\":[" + TOKEN + "],\"refusal\":null}");
                case RESPONSES_ANNOTATION ->
                        responses(
                                "response.output_text.annotation.added",
                                "\"annotation_index\":0,\"annotation\":{\"url\":\"" + MARK + "\"}");
                case RESPONSES_LOGPROBS ->
                        responses(
                                "response.output_text.delta",
                                "\"delta\":\"b\",\"logprobs\":[" + TOKEN + "]");
                case OLLAMA_LOGPROBS ->
                        utf8(
                                "{\"message\":{\"content\":\"a\"},\"logprobs\":["
                                        + TOKEN
                                        + "],\"done\":false}\n"
                                        + "{\"done\":true,\"done_reason\":\"stop\"}\n");
            };
        }

        private static byte[] anthropic() {
            return utf8(
                    """
                    event: message_start
                    data: {"type":"message_start","message":{"id":"m","model":"m","content":[]}}

                    event: content_block_start
                    data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"cited_text":"left-or-lost"}}}

                    event: content_block_stop
                    data: {"type":"content_block_stop","index":0}

                    event: message_delta
                    data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}

                    event: message_stop
                    data: {"type":"message_stop"}

                    """);
        }

        private static byte[] bedrock() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(BedrockEvents.start());
            all.writeBytes(BedrockEvents.text("a"));
            all.writeBytes(
                    BedrockFrames.event(
                            "contentBlockDelta",
                            "{\"contentBlockIndex\":0,\"delta\":{\"citation\":{\"title\":\""
                                    + MARK
                                    + "\"}}}"));
            all.writeBytes(BedrockEvents.stop("end_turn"));
            all.writeBytes(BedrockEvents.metadata());
            return all.toByteArray();
        }

        private byte[] gemini(String value) {
            String piece =
                    "data:"
                        + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}],\"role\":\"model\"},\""
                            + lost
                            + "\":"
                            + value
                            + ",\"finishReason\":\"STOP\"}]}\n\n";
            return utf8(piece.replace(",\"finishReason\":\"STOP\"", "") + piece);
        }

        private static byte[] chat(String member, String beside) {
            String head = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":";
            String piece = head + "{\"content\":\"a\"," + member + "}" + beside + "}]}\n\n";
            return utf8(
                    piece
                            + piece
                            + head
                            + "{},\"finish_reason\":\"stop\"}]}\n\n"
                            + "data: [DONE]\n\n");
        }

        private static byte[] responses(String type, String members) {
            String place = "\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,";
            return utf8(
                    responsesEvent(
                                    "response.output_item.added",
                                    "\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"m\"}")
                            + responsesEvent(
                                    "response.output_text.delta", place + "\"delta\":\"a\"")
                            + responsesEvent(type, place + members)
                            + responsesEvent(
                                    "response.completed",
                                    "\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":[]}"));
        }

        private static String responsesEvent(String type, String members) {
            return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Dialect dialect(String name) {
        return Dialects.find(name).orElseThrow();
    }

    static Stream<Arguments> extras() {
        return Stream.of(Extra.values())
                .flatMap(
                        extra ->
                                Dialects.all().stream()
                                        .map(Dialect::name)
                                        .filter(to -> !to.equals(extra.dialect))
                                        .map(to -> Arguments.of(extra, to)));
    }

    private static void assertLeftOrLost(Extra extra, byte[] written, EncodeContext context) {
        boolean left = new String(written, StandardCharsets.UTF_8).contains(MARK);
        assertThat(context.losses().warnings())
                .isEqualTo(left ? List.of() : List.of("dropped=" + extra.lost));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("extras")
    @Tag("R45")
    void areToldWhereAStreamLeavesSomethingOut(Extra extra, String to) {
        List<Event> events =
                Wire.decode(dialect(extra.dialect), Wire.foreign(), List.of(extra.stream()));
        EncodeContext context = Wire.context(false);
        assertLeftOrLost(extra, Wire.encode(dialect(to), context, events), context);
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("extras")
    @Tag("R45")
    void areToldWhereADocumentLeavesSomethingOut(Extra extra, String to) {
        Answer answer =
                Wire.answer(
                        Wire.decode(
                                dialect(extra.dialect), Wire.foreign(), List.of(extra.stream())));
        EncodeContext context = Wire.context(false);
        assertLeftOrLost(extra, dialect(to).encodeAnswer(answer, context), context);
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "openai-chat, openai-responses",
        "openai-chat, ollama",
        "openai-responses, openai-chat",
        "openai-responses, ollama",
        "ollama, openai-chat",
        "ollama, openai-responses"
    })
    void areNoneWhereBothDialectsHaveLogProbabilities(String from, String to) {
        Extra extra =
                Stream.of(Extra.values())
                        .filter(e -> e.dialect.equals(from) && e.lost.equals("logprobs"))
                        .findFirst()
                        .orElseThrow();
        List<Event> events = Wire.decode(dialect(from), Wire.foreign(), List.of(extra.stream()));
        EncodeContext context = Wire.context(false);
        byte[] stream = Wire.encode(dialect(to), context, events);
        byte[] document = dialect(to).encodeAnswer(Wire.answer(events), context);
        assertThat(new String(stream, StandardCharsets.UTF_8)).contains(TOKEN);
        assertThat(new String(document, StandardCharsets.UTF_8)).contains(TOKEN);
        assertThat(context.losses().warnings()).isEmpty();
        List<Event> heard = Wire.decode(dialect(to), Wire.foreign(), List.of(stream));
        assertThat(heard).anyMatch(event -> event instanceof Event.Annotation);
    }

    static Stream<Arguments> foreignStories() {
        return Dialects.all().stream()
                .flatMap(
                        from ->
                                Dialects.all().stream()
                                        .filter(to -> !to.name().equals(from.name()))
                                        .flatMap(
                                                to ->
                                                        Stream.of("01", "02", "03", "05")
                                                                .map(
                                                                        story ->
                                                                                Arguments.of(
                                                                                        from.name(),
                                                                                        to.name(),
                                                                                        story))));
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("foreignStories")
    void areNoneWhereAllIsSaid(String from, String to, String story) {
        List<Event> events =
                Wire.decode(
                        dialect(from), Wire.foreign(), List.of(Goldens.one(from, story).bytes()));
        EncodeContext context = Wire.context(false);
        Wire.encode(dialect(to), context, events);
        dialect(to).encodeAnswer(Wire.answer(events), context);
        assertThat(context.losses().warnings()).isEqualTo(seals(events, to));
    }

    /** Gemini seals its calls; two dialects have no place for a seal. */
    private static List<String> seals(List<Event> events, String to) {
        boolean sealed =
                events.stream()
                        .anyMatch(
                                event ->
                                        event instanceof Event.Delta delta
                                                && delta.kind() == DeltaKind.SIGNATURE);
        boolean placeless = to.equals("openai-chat") || to.equals("ollama");
        return sealed && placeless ? List.of("dropped=signature") : List.of();
    }

    /** Sealed and redacted thinking, and an answer that ends at a stop sequence. */
    private static List<Event> sealed() {
        return List.of(
                new Event.MessageStart("m", "m", 1, Usage.NONE),
                BlockStart.of(0, BlockKind.THINKING),
                new Event.Delta(0, DeltaKind.THINKING, Text.of("hm")),
                new Event.Delta(0, DeltaKind.SIGNATURE, Text.of("c2VhbA==")),
                new Event.BlockStop(0),
                BlockStart.redacted(1, Raw.of("\"c2VhbGVk\"")),
                new Event.BlockStop(1),
                BlockStart.of(2, BlockKind.TEXT),
                new Event.Delta(2, DeltaKind.TEXT, Text.of("a")),
                new Event.BlockStop(2),
                new Event.MessageDelta(
                        StopReason.STOP_SEQUENCE, Text.of("END"), Usage.of(1, -1, -1, 2, -1)),
                Event.STOP);
    }

    @ParameterizedTest(name = "to {0}")
    @CsvSource({
        "openai-chat, 'dropped=signature,dropped=redacted_thinking,dropped=stop_sequence'",
        "openai-responses, dropped=stop_sequence",
        "anthropic, ''",
        "bedrock, ''",
        "ollama, 'dropped=signature,dropped=redacted_thinking,dropped=stop_sequence'",
        "gemini, dropped=stop_sequence"
    })
    @Tag("R48")
    @Tag("R57")
    void areSealsAndStopSequencesWhereTheyHaveNoPlace(String to, String expected) {
        List<String> lost = expected.isEmpty() ? List.of() : List.of(expected.split(","));
        EncodeContext streamed = Wire.context(false);
        Wire.encode(dialect(to), streamed, sealed());
        assertThat(streamed.losses().warnings()).containsExactlyElementsOf(lost);
        EncodeContext whole = Wire.context(false);
        dialect(to).encodeAnswer(Wire.answer(sealed()), whole);
        assertThat(whole.losses().warnings()).containsExactlyInAnyOrderElementsOf(lost);
    }

    private static List<Event> cutInsideACall() {
        return List.of(
                new Event.MessageStart("m", "m", 1, Usage.NONE),
                BlockStart.tool(0, "call_1", "f"),
                new Event.Delta(0, DeltaKind.ARGUMENTS, Text.of("{\"x\":")),
                new Event.BlockStop(0),
                new Event.MessageDelta(StopReason.MAX_TOKENS, null, Usage.NONE),
                Event.STOP);
    }

    @ParameterizedTest(name = "to {0}")
    @CsvSource({
        "openai-chat, '', ''",
        "openai-responses, '', ''",
        "anthropic, '', dropped=tool_use",
        "bedrock, '', dropped=tool_use",
        "ollama, dropped=tool_use, dropped=tool_use",
        "gemini, dropped=tool_use, dropped=tool_use"
    })
    @Tag("R39")
    void areCallsThatALimitHasCut(String to, String inStream, String inDocument) {
        EncodeContext streamed = Wire.context(false);
        Wire.encode(dialect(to), streamed, cutInsideACall());
        assertThat(String.join(",", streamed.losses().warnings())).isEqualTo(inStream);
        EncodeContext whole = Wire.context(false);
        dialect(to).encodeAnswer(Wire.answer(cutInsideACall()), whole);
        assertThat(String.join(",", whole.losses().warnings())).isEqualTo(inDocument);
    }

    @Test
    @Tag("R49")
    void areThinkingAndCallsInTheAnswerToABarePrompt() {
        List<Event> events = new ArrayList<>(sealed().subList(0, 10));
        events.addAll(
                List.of(
                        BlockStart.tool(3, "call_1", "f"),
                        new Event.Delta(3, DeltaKind.ARGUMENTS, Text.of("{}")),
                        new Event.BlockStop(3),
                        new Event.MessageDelta(StopReason.TOOL_USE, null, Usage.NONE),
                        Event.STOP));
        List<String> lost = List.of("dropped=thinking", "dropped=tool_use");
        EncodeContext streamed = barePrompt();
        String stream = Wire.encoded(dialect("openai-chat"), streamed, events);
        assertThat(stream).contains("\"text\":\"a\"").doesNotContain("hm");
        assertThat(streamed.losses().warnings()).isEqualTo(lost);
        EncodeContext whole = barePrompt();
        dialect("openai-chat").encodeAnswer(Wire.answer(events), whole);
        assertThat(whole.losses().warnings()).isEqualTo(lost);
    }

    private static EncodeContext barePrompt() {
        return new EncodeContext(
                Operation.COMPLETE,
                "x1",
                "asked-model",
                1760000001,
                true,
                "req_1",
                0,
                false,
                Elapsed.UNKNOWN,
                Request.builder("openai-chat").build(),
                new Losses());
    }
}
