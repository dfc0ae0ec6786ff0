package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes an unstreamed answer: one piece with all that was said. */
final class GeminiAnswerEncoder {
    private final EncodeContext context;
    private final ByteBuilder out = new ByteBuilder(1024);
    private boolean comma;

    /** A seal of this vendor's own that waits for the part that it is the seal of. */
    private Text seal = Text.EMPTY;

    private GeminiAnswerEncoder(EncodeContext context) {
        this.context = context;
    }

    static byte[] encode(Answer answer, EncodeContext context) {
        return new GeminiAnswerEncoder(context).answer(answer);
    }

    private byte[] answer(Answer answer) {
        out.add("{\"candidates\":[{\"content\":{\"parts\":[");
        boolean cut = GeminiStops.cut(answer.stopReason());
        for (AnswerBlock block : answer.blocks()) {
            block(block, cut);
            if (!context.sameDialect()) {
                context.losses().addAll(block.annotations());
            }
        }
        context.losses().addIf(answer.stopSequence() != null, "stop_sequence");
        flushSeal();
        if (!comma) {
            // Official clients take a candidate without a part for none.
            part().add("\"text\":\"\"}");
        }
        out.add("],\"role\":\"model\"},\"finishReason\":");
        out.quoted(GeminiStops.write(answer.stopReason()));
        if (context.sameDialect()) {
            notes(answer);
        }
        out.add(",\"index\":0}]");
        GeminiUsage.write(answer.usage(), out);
        String model = answer.model().isEmpty() ? context.model() : answer.model();
        String id = answer.id().isEmpty() ? context.id() : answer.id();
        out.add(",\"modelVersion\":").quoted(model).add(",\"responseId\":").quoted(id).add('}');
        return out.toBytes();
    }

    /** What the vendor says of the candidate; what it says twice holds as it was said last. */
    private void notes(Answer answer) {
        Map<String, Raw> notes = new LinkedHashMap<>();
        for (AnswerBlock block : answer.blocks()) {
            block.annotations().forEach(note -> notes.put(note.name(), note.data()));
        }
        notes.forEach((name, data) -> data.writeTo(out.add(',').quoted(name).add(':')));
    }

    private ByteBuilder part() {
        out.add(comma ? ",{" : "{");
        comma = true;
        return out;
    }

    private void endPart() {
        if (!seal.isEmpty()) {
            out.add(",\"thoughtSignature\":").quoted(seal);
            seal = Text.EMPTY;
        }
        out.add('}');
    }

    /** A seal whose part did not come stands on a part without text. */
    private void flushSeal() {
        if (!seal.isEmpty()) {
            part().add("\"text\":\"\"");
            endPart();
        }
    }

    private void block(AnswerBlock block, boolean cut) {
        switch (block.kind()) {
            case TEXT, REFUSAL -> {
                if (!block.text().isEmpty()) {
                    part().add("\"text\":").quoted(block.text());
                    endPart();
                }
            }
            case THINKING -> thinking(block);
            case REDACTED_THINKING -> redacted(block);
            case TOOL_USE -> call(block, cut);
            case OPAQUE -> opaque(block);
        }
    }

    private void thinking(AnswerBlock block) {
        flushSeal();
        boolean own = context.sameDialect();
        if (own && block.text().isEmpty()) {
            seal = block.signature();
        } else if (!block.text().isEmpty() || !block.signature().isEmpty()) {
            part().add("\"text\":").quoted(block.text()).add(",\"thought\":true");
            seal = own || block.signature().isEmpty() ? block.signature() : foreign(block);
            endPart();
        }
    }

    private static Text foreign(AnswerBlock block) {
        return Text.of(GeminiSeal.ofForeign(block.signature().toString()));
    }

    private void redacted(AnswerBlock block) {
        Raw data = block.data();
        flushSeal();
        if (data != null && data.kind() == JsonReader.Kind.STRING) {
            part().add("\"text\":\"\",\"thought\":true");
            seal = Text.of(GeminiSeal.ofRedacted(data.reader().string()));
            endPart();
        }
    }

    private void call(AnswerBlock block, boolean cut) {
        Optional<Raw> arguments = ToolArguments.made(block.text(), block.custom());
        if (arguments.isEmpty() && !cut) {
            throw ToolArguments.broken();
        }
        if (arguments.isPresent()) {
            part();
            GeminiCalls.write(out, block.id(), block.name(), arguments.get());
            endPart();
        } else {
            context.losses().add("tool_use");
        }
    }

    private void opaque(AnswerBlock block) {
        Raw part = block.data();
        flushSeal();
        if (context.sameDialect() && part != null) {
            out.add(comma ? "," : "");
            comma = true;
            part.writeTo(out);
        }
    }
}
