package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Logprobs;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event.Annotation;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;

import java.util.List;
import java.util.Optional;

/** Writes an unstreamed answer: the last line of the stream, with all that was said. */
final class OllamaAnswerEncoder {
    private final EncodeContext context;
    private final OllamaForm form;
    private final ByteBuilder out = new ByteBuilder(1024);

    private OllamaAnswerEncoder(EncodeContext context) {
        this.context = context;
        form = OllamaForm.of(context.operation());
    }

    static byte[] encode(Answer answer, EncodeContext context) {
        OllamaAnswerEncoder encoder = new OllamaAnswerEncoder(context);
        encoder.head(
                answer.model().isEmpty() ? context.model() : answer.model(),
                answer.created() > 0 ? answer.created() : context.createdSeconds());
        encoder.said(answer);
        encoder.end(OllamaStops.write(answer.stopReason()), answer.usage(), answer.blocks());
        return encoder.out.toBytes();
    }

    /** The answer to a request that asks a model nothing; {@code reason} is what was done. */
    static byte[] encodeEmpty(String reason, EncodeContext context) {
        OllamaAnswerEncoder encoder = new OllamaAnswerEncoder(context);
        encoder.head(context.model(), context.createdSeconds());
        encoder.out.add('"');
        encoder.end(reason, Usage.NONE, List.of());
        return encoder.out.toBytes();
    }

    private void head(String model, long created) {
        out.add("{\"model\":").quoted(model).add(",\"created_at\":");
        out.quoted(OllamaTimes.write(created)).add(form.opening());
    }

    private void end(String reason, Usage usage, List<AnswerBlock> blocks) {
        out.add(form.closing());
        logprobs(blocks);
        out.add(',');
        OllamaEnding.write(out, reason, usage, context.elapsed());
    }

    /** They came token by token; the answer has one list of them. */
    private void logprobs(List<AnswerBlock> blocks) {
        ByteBuilder all = new ByteBuilder();
        for (AnswerBlock block : blocks) {
            for (Annotation annotation : block.annotations()) {
                Raw list = Logprobs.of(annotation);
                if (list == null) {
                    context.losses().add(annotation.name());
                } else {
                    add(list.reader(), all);
                }
            }
        }
        if (!all.isEmpty()) {
            out.add(",\"logprobs\":[").add(all).add(']');
        }
    }

    private static void add(JsonReader list, ByteBuilder all) {
        list.beginArray();
        while (list.hasNext()) {
            list.raw().writeTo(all.isEmpty() ? all : all.add(','));
        }
    }

    private void said(Answer answer) {
        context.losses().addIf(answer.stopSequence() != null, "stop_sequence");
        for (AnswerBlock block : answer.blocks()) {
            context.losses().addSealOf(block);
            if (block.kind() == BlockKind.TEXT || block.kind() == BlockKind.REFUSAL) {
                out.content(block.text());
            }
        }
        out.add('"');
        if (answer.first(BlockKind.THINKING).isPresent()) {
            out.add(",\"thinking\":\"");
            for (AnswerBlock block : answer.blocks()) {
                if (block.kind() == BlockKind.THINKING) {
                    out.content(block.text());
                }
            }
            out.add('"');
        }
        calls(answer);
    }

    private void calls(Answer answer) {
        List<AnswerBlock> calls =
                answer.blocks().stream()
                        .filter(block -> block.kind() == BlockKind.TOOL_USE)
                        .toList();
        int written = 0;
        for (int i = 0; i < calls.size(); i++) {
            AnswerBlock call = calls.get(i);
            Optional<Raw> arguments = ToolArguments.made(call.text(), call.custom());
            boolean last = i == calls.size() - 1;
            if (arguments.isPresent()) {
                out.add(written == 0 ? ",\"tool_calls\":[" : ",");
                OllamaCalls.write(out, call.id(), written++, call.name(), arguments.get(), context);
            } else if (!last || !OllamaStops.cut(answer.stopReason())) {
                throw ToolArguments.broken();
            } else {
                context.losses().add("tool_use");
            }
        }
        if (written > 0) {
            out.add(']');
        }
    }
}
