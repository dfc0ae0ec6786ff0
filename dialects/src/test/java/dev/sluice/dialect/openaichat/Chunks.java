package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.dialect.Wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Streams put together by hand, and what is read from them. */
final class Chunks {
    static final OpenAiChatDialect DIALECT = new OpenAiChatDialect();

    static final String ROLE = delta("{\"role\":\"assistant\",\"content\":\"\"}");
    static final String STOP = finish("stop");
    static final String DONE = "[DONE]";

    private Chunks() {}

    /** A chunk with this delta. */
    static String delta(String delta) {
        return choice("{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}");
    }

    /** A chunk with one piece of text. */
    static String text(String text) {
        return delta("{\"content\":\"" + text + "\"}");
    }

    /** A chunk with these entries of tool_calls. */
    static String calls(String entries) {
        return delta("{\"tool_calls\":[" + entries + "]}");
    }

    /** A chunk with a finish reason. */
    static String finish(String reason) {
        return choice("{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}");
    }

    /** A chunk with these choices. */
    static String choice(String choices) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,"
                + "\"model\":\"m1\",\"choices\":["
                + choices
                + "]}";
    }

    /** The stream of frames with these data. */
    static String stream(String... data) {
        StringBuilder stream = new StringBuilder();
        for (String frame : data) {
            stream.append("data: ").append(frame).append("\n\n");
        }
        return stream.toString();
    }

    /** The events of the stream of frames with these data. */
    static List<Event> events(String... data) {
        return Wire.decode(DIALECT, Wire.foreign(), stream(data));
    }

    /** The answer that the stream of frames with these data folds to. */
    static Answer answer(String... data) {
        return Wire.answer(events(data));
    }

    /** The failure that the stream of frames with these data ends with. */
    static Failure failure(String... data) {
        return Wire.failure(events(data));
    }

    /** The tool calls of an answer, each as {@code name(arguments)}. */
    static List<String> calls(Answer answer) {
        return answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.TOOL_USE)
                .map(block -> block.name() + "(" + block.text() + ")")
                .toList();
    }

    /** The ids of the tool calls of an answer. */
    static List<String> ids(Answer answer) {
        return answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.TOOL_USE)
                .map(AnswerBlock::id)
                .toList();
    }

    /** All text of blocks of one kind, joined. */
    static String text(Answer answer, BlockKind kind) {
        StringBuilder text = new StringBuilder();
        answer.blocks().stream()
                .filter(block -> block.kind() == kind)
                .forEach(block -> text.append(block.text()));
        return text.toString();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
