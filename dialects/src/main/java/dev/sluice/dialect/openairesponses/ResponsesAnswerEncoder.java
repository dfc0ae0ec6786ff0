package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.Annotation;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Text;

/** Writes an unstreamed answer: the response that the stream of the same message ends with. */
final class ResponsesAnswerEncoder {
    private final ResponsesEventEncoder encoder;
    private final ByteBuilder frames = new ByteBuilder();

    private ResponsesAnswerEncoder(ResponsesEventEncoder encoder) {
        this.encoder = encoder;
    }

    static byte[] encode(Answer answer, EncodeContext context, ResponsesErrors errors) {
        ResponsesAnswerEncoder encoder =
                new ResponsesAnswerEncoder(new ResponsesEventEncoder(context, errors));
        return encoder.document(answer);
    }

    private byte[] document(Answer answer) {
        tell(new Event.MessageStart(answer.id(), answer.model(), answer.created(), answer.usage()));
        for (int i = 0; i < answer.blocks().size(); i++) {
            block(answer.blocks().get(i), i);
        }
        Text sequence = answer.stopSequence() == null ? null : Text.of(answer.stopSequence());
        tell(new Event.MessageDelta(answer.stopReason(), sequence, answer.usage()));
        return encoder.answer();
    }

    private void tell(Event event) {
        encoder.encode(event, frames);
        frames.clear();
    }

    private void block(AnswerBlock block, int index) {
        tell(new BlockStart(index, block.kind(), block.id(), block.name(), block.data()));
        grow(index, kind(block.kind()), block.text());
        grow(index, DeltaKind.SIGNATURE, block.signature());
        for (Annotation annotation : block.annotations()) {
            tell(new Annotation(index, annotation.name(), annotation.data()));
        }
        tell(new Event.BlockStop(index));
    }

    private void grow(int index, DeltaKind kind, Text text) {
        if (!text.isEmpty()) {
            tell(new Delta(index, kind, text));
        }
    }

    private static DeltaKind kind(BlockKind block) {
        return switch (block) {
            case TEXT -> DeltaKind.TEXT;
            case THINKING, REDACTED_THINKING -> DeltaKind.THINKING;
            case TOOL_USE, OPAQUE -> DeltaKind.ARGUMENTS;
            case REFUSAL -> DeltaKind.REFUSAL;
        };
    }
}
