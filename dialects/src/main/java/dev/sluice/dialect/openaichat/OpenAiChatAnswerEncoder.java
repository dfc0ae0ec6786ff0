package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Logprobs;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event.Annotation;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an unstreamed answer: what the stream of the same message folds to. */
final class OpenAiChatAnswerEncoder {
    private static final Names LOGPROBS = Names.of("content", "refusal");

    private final Answer answer;
    private final EncodeContext context;
    private final ByteBuilder out = new ByteBuilder(1024);
    private final JsonWriter json = new JsonWriter(out);

    private OpenAiChatAnswerEncoder(Answer answer, EncodeContext context) {
        this.answer = answer;
        this.context = context;
    }

    /** The document. */
    static byte[] encode(Answer answer, EncodeContext context) {
        return new OpenAiChatAnswerEncoder(answer, context).document();
    }

    private byte[] document() {
        json.beginObject();
        json.field("id", OpenAiChatIds.answer(answer.id(), context));
        json.field("object", "chat.completion");
        json.field("created", answer.created() > 0 ? answer.created() : context.createdSeconds());
        json.field("model", answer.model().isEmpty() ? context.model() : answer.model());
        json.name("choices").beginArray().beginObject();
        json.field("index", 0);
        message();
        logprobs();
        boolean called = answer.first(BlockKind.TOOL_USE).isPresent();
        boolean refused = answer.first(BlockKind.REFUSAL).isPresent();
        json.field("finish_reason", OpenAiChatStops.write(answer.stopReason(), called, refused));
        json.endObject().endArray();
        if (!answer.usage().isNone()) {
            json.name("usage");
            OpenAiChatUsage.write(json, answer.usage());
        }
        json.endObject();
        losses();
        return out.toBytes();
    }

    private void losses() {
        context.losses().addIf(answer.stopSequence() != null, "stop_sequence");
        for (AnswerBlock block : answer.blocks()) {
            context.losses().addSealOf(block);
            for (Annotation annotation : block.annotations()) {
                boolean told = context.sameDialect() || Logprobs.of(annotation) != null;
                context.losses().addIf(!told, annotation.name());
            }
        }
    }

    private void message() {
        json.name("message").beginObject();
        json.field("role", "assistant");
        boolean silent = answer.blocks().stream().noneMatch(b -> b.kind() != BlockKind.OPAQUE);
        joined("content", BlockKind.TEXT, silent);
        if (answer.first(BlockKind.THINKING).isPresent()) {
            joined("reasoning_content", BlockKind.THINKING, true);
        }
        joined("refusal", BlockKind.REFUSAL, false);
        calls();
        if (context.sameDialect()) {
            own();
        }
        json.endObject();
    }

    /**
     * The text of all blocks of {@code kind} as one member; null if there is none, or an empty
     * string.
     */
    private void joined(String name, BlockKind kind, boolean emptyString) {
        json.name(name);
        List<AnswerBlock> blocks =
                answer.blocks().stream().filter(block -> block.kind() == kind).toList();
        if (blocks.isEmpty() && !emptyString) {
            json.nullValue();
            return;
        }
        ByteBuilder text = new ByteBuilder();
        blocks.forEach(block -> text.content(block.text()));
        json.value(Lenient.content(text));
    }

    private void calls() {
        List<AnswerBlock> calls =
                answer.blocks().stream()
                        .filter(block -> block.kind() == BlockKind.TOOL_USE)
                        .toList();
        // An empty list breaks some clients.
        if (calls.isEmpty()) {
            return;
        }
        json.name("tool_calls").beginArray();
        for (int i = 0; i < calls.size(); i++) {
            call(calls.get(i), i, i == calls.size() - 1);
        }
        json.endArray();
    }

    private void call(AnswerBlock call, int index, boolean last) {
        boolean custom = call.custom();
        boolean cut = last && OpenAiChatStops.cut(answer.stopReason());
        json.beginObject();
        json.field("id", call.id().isEmpty() ? OpenAiChatIds.call(context, index) : call.id());
        json.field("type", custom ? "custom" : "function");
        json.name(custom ? "custom" : "function").beginObject();
        json.field("name", call.name());
        json.name(custom ? "input" : "arguments");
        if (call.text().isEmpty() && !custom && !cut) {
            json.value("{}");
        } else {
            json.value(call.text());
        }
        json.endObject().endObject();
    }

    /** Members of the message that have no canonical form. */
    private void own() {
        Map<String, Raw> members = new LinkedHashMap<>();
        for (AnswerBlock block : answer.blocks()) {
            Raw data = block.data();
            if (block.kind() == BlockKind.OPAQUE && data != null) {
                members.put(block.name(), data);
            }
            for (Annotation annotation : block.annotations()) {
                if (!annotation.name().equals(Logprobs.NAME)) {
                    members.put(annotation.name(), annotation.data());
                }
            }
        }
        members.forEach(json::field);
    }

    /** Log probabilities came piece by piece; the answer has one list of them. */
    private void logprobs() {
        List<List<Raw>> lists = List.of(new ArrayList<>(), new ArrayList<>());
        boolean found = false;
        for (AnswerBlock block : answer.blocks()) {
            for (Annotation annotation : block.annotations()) {
                if (annotation.name().equals(Logprobs.NAME)
                        && (context.sameDialect() || Logprobs.of(annotation) != null)) {
                    found = true;
                    gather(annotation.data(), lists);
                }
            }
        }
        json.name("logprobs");
        if (!found) {
            json.nullValue();
            return;
        }
        json.beginObject();
        for (int i = 0; i < LOGPROBS.size(); i++) {
            json.name(LOGPROBS.name(i));
            if (lists.get(i).isEmpty()) {
                json.nullValue();
                continue;
            }
            json.beginArray();
            lists.get(i).forEach(json::value);
            json.endArray();
        }
        json.endObject();
    }

    private static void gather(Raw piece, List<List<Raw>> lists) {
        JsonReader reader = piece.reader();
        if (reader.peek() == JsonReader.Kind.ARRAY) {
            // Of a dialect that has the list alone.
            gather(reader, lists.getFirst());
            return;
        }
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(LOGPROBS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(LOGPROBS)) {
            if (f < 0) {
                reader.skip();
            } else {
                gather(reader, lists.get(f));
            }
        }
    }

    private static void gather(JsonReader reader, List<Raw> list) {
        if (Lenient.enterArray(reader)) {
            while (reader.hasNext()) {
                list.add(reader.raw());
            }
        }
    }
}
