package dev.sluice.dialect.sluice;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Text;

/** Writes an unstreamed answer: what the events of its stream come to. */
final class SluiceAnswers {
    private SluiceAnswers() {}

    static byte[] encode(Answer answer, EncodeContext context) {
        ByteBuilder out = new ByteBuilder(1024);
        out.add("{\"type\":\"answer\",\"text\":\"");
        long pieces = 0;
        for (AnswerBlock block : answer.blocks()) {
            context.losses().addSealOf(block);
            context.losses().addAll(block.annotations());
            if (block.kind() == BlockKind.TEXT || block.kind() == BlockKind.REFUSAL) {
                out.content(block.text());
                pieces++;
            }
        }
        out.add('"');
        thinking(answer, out);
        calls(answer, out);
        out.add(',');
        String sequence = answer.stopSequence();
        SluiceEnding.write(
                out,
                answer.model().isEmpty() ? context.model() : answer.model(),
                answer.stopReason(),
                sequence == null ? null : Text.of(sequence),
                answer.usage(),
                pieces,
                context.elapsed());
        return out.add('}').toBytes();
    }

    private static void thinking(Answer answer, ByteBuilder out) {
        if (answer.first(BlockKind.THINKING).isEmpty()) {
            return;
        }
        out.add(",\"thinking\":\"");
        for (AnswerBlock block : answer.blocks()) {
            if (block.kind() == BlockKind.THINKING) {
                out.content(block.text());
            }
        }
        out.add('"');
    }

    private static void calls(Answer answer, ByteBuilder out) {
        int calls = 0;
        for (AnswerBlock block : answer.blocks()) {
            if (block.kind() == BlockKind.TOOL_USE) {
                out.add(calls++ == 0 ? ",\"tool_calls\":[" : ",");
                out.add("{\"tool_call_id\":").quoted(block.id());
                out.add(",\"name\":").quoted(block.name());
                boolean none = block.text().isEmpty() && !block.custom();
                out.add(",\"arguments\":").quoted(none ? Text.of("{}") : block.text()).add('}');
            }
        }
        if (calls > 0) {
            out.add(']');
        }
    }
}
