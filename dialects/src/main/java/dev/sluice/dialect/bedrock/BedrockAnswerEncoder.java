package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;

import java.util.Optional;

/** Writes an unstreamed answer. */
final class BedrockAnswerEncoder {
    private static final String STOP_SEQUENCE = "\"/stop_sequence\"";

    private BedrockAnswerEncoder() {}

    /** Whether the client wants to be told the stop sequence that was met. */
    static boolean wantsStopSequence(EncodeContext context) {
        Raw paths = context.request().extra().get(BedrockRequestDecoder.RESPONSE_PATHS);
        return paths != null && paths.toString().contains(STOP_SEQUENCE);
    }

    /**
     * Writes the answer.
     *
     * @throws dev.sluice.core.failure.FailureException when the arguments of a tool use are no
     *     object and the message was not cut by a limit
     */
    static byte[] encode(Answer answer, EncodeContext context) {
        JsonWriter json = new JsonWriter(new ByteBuilder(1024));
        json.beginObject().name("output").beginObject().name("message").beginObject();
        json.field("role", "assistant").name("content").beginArray();
        int index = 0;
        for (AnswerBlock block : answer.blocks()) {
            // Citations of this dialect itself stand in blocks that have no canonical form.
            context.losses().addAll(block.annotations());
            if (block(json, block, index, answer, context)) {
                index++;
            }
        }
        json.endArray().endObject().endObject();
        boolean refused = answer.first(BlockKind.REFUSAL).isPresent();
        json.field("stopReason", BedrockStops.write(answer.stopReason(), refused));
        ByteBuilder usage = new ByteBuilder();
        BedrockUsage.write(usage, answer.usage());
        json.field("usage", Raw.of(usage.toString()));
        json.name("metrics").beginObject();
        json.field("latencyMs", context.elapsed().total() / 1_000_000).endObject();
        if (answer.stopSequence() != null && wantsStopSequence(context)) {
            json.name("additionalModelResponseFields").beginObject();
            json.field("stop_sequence", answer.stopSequence()).endObject();
        }
        return json.endObject().out().toBytes();
    }

    private static boolean block(
            JsonWriter json, AnswerBlock block, int index, Answer answer, EncodeContext context) {
        switch (block.kind()) {
            case TEXT, REFUSAL -> {
                if (block.text().isEmpty()) {
                    return false;
                }
                json.beginObject().name("text").value(block.text()).endObject();
            }
            case THINKING -> thinking(json, block);
            case REDACTED_THINKING -> {
                Raw data = block.data();
                if (data == null) {
                    return false;
                }
                json.beginObject().name("reasoningContent").beginObject();
                json.field("redactedContent", data).endObject().endObject();
            }
            case TOOL_USE -> {
                return tool(json, block, index, answer, context);
            }
            case OPAQUE -> {
                Raw data = block.data();
                if (data == null || !context.sameDialect()) {
                    return false;
                }
                json.beginObject().field(block.name(), data).endObject();
            }
        }
        return true;
    }

    private static void thinking(JsonWriter json, AnswerBlock block) {
        json.beginObject().name("reasoningContent").beginObject();
        json.name("reasoningText").beginObject().name("text").value(block.text());
        if (!block.signature().isEmpty()) {
            json.name("signature").value(block.signature());
        }
        json.endObject().endObject().endObject();
    }

    /**
     * A call whose arguments a limit has cut cannot be written as an object and is left out; the
     * stop reason says that something is missing.
     */
    private static boolean tool(
            JsonWriter json, AnswerBlock block, int index, Answer answer, EncodeContext context) {
        Optional<Raw> input = Raw.object(block.text().toString());
        if (input.isEmpty() && BedrockStops.cut(answer.stopReason())) {
            context.losses().add("tool_use");
            return false;
        }
        json.beginObject().name("toolUse").beginObject();
        json.field("toolUseId", BedrockEventEncoder.toolId(block.id(), index, context));
        json.field("name", block.name()).field("input", input.orElseThrow(() -> broken()));
        json.endObject().endObject();
        return true;
    }

    private static RuntimeException broken() {
        return Failure.of(
                        FailureCode.UPSTREAM_BROKEN,
                        "the upstream's arguments for a tool call are not a JSON object")
                .asException();
    }
}
