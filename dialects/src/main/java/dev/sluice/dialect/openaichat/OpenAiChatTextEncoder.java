package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Request;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Writes the answer to a bare prompt: objects called {@code text_completion}, streamed and not. The
 * form has text and nothing else; thinking stays out of it.
 */
final class OpenAiChatTextEncoder implements EventEncoder {
    /**
     * The prompt, where the answer shall begin with it. A model that converses does not repeat it,
     * so it is said here.
     */
    static final String ECHO = Request.GATEWAY + "echo";

    private static final String ANSWER = "cmpl-";
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] TEXT = ascii("{\"text\":\"");
    private static final byte[] END_TEXT =
            ascii("\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n");
    private static final byte[] END =
            ascii("{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":");
    private static final byte[] PING = ascii(": ping\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");

    private final EncodeContext context;

    /** From {@code data:} to the inside of {@code choices}. */
    private byte[] head = NOTHING;

    private @Nullable StopReason stopReason;
    private Usage usage = Usage.NONE;

    OpenAiChatTextEncoder(EncodeContext context) {
        this.context = context;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Event.Delta delta -> {
                if (isText(delta.kind()) && !delta.text().isEmpty()) {
                    out.add(head).add(TEXT).content(delta.text()).add(END_TEXT);
                }
            }
            case Event.BlockStart start -> lose(start.kind(), context);
            case Event.Annotation annotation -> context.losses().add(annotation.name());
            case Event.MessageStart start -> {
                start(start);
                Text prompt = echo(context);
                if (!prompt.isEmpty()) {
                    out.add(head).add(TEXT).content(prompt).add(END_TEXT);
                }
            }
            case Event.MessageDelta told -> {
                stopReason = told.stopReason() == null ? stopReason : told.stopReason();
                usage = usage.merge(told.usage());
                context.losses().addIf(told.stopSequence() != null, "stop_sequence");
            }
            case Event.MessageStop _ -> stop(out);
            case Event.Ping _ -> out.add(PING);
            case Event.BlockStop _ -> {}
            case Event.Failed failed -> {
                out.add("data: ");
                OpenAiChatErrors.write(failed.failure(), out);
                out.add('\n').add('\n');
            }
        }
    }

    private static Text echo(EncodeContext context) {
        Raw prompt = context.request().extra().get(ECHO);
        return prompt == null ? Text.EMPTY : prompt.reader().text();
    }

    /** Notes a block that is no text; one of the upstream's own is noted by the exchange. */
    private static void lose(BlockKind kind, EncodeContext context) {
        switch (kind) {
            case TEXT, REFUSAL, OPAQUE -> {}
            case THINKING, REDACTED_THINKING -> context.losses().add("thinking");
            case TOOL_USE -> context.losses().add("tool_use");
        }
    }

    private static boolean isText(Event.DeltaKind kind) {
        return switch (kind) {
            case TEXT, REFUSAL -> true;
            case THINKING, SIGNATURE, ARGUMENTS -> false;
        };
    }

    private void start(Event.MessageStart start) {
        usage = usage.merge(start.usage());
        long created = start.created() > 0 ? start.created() : context.createdSeconds();
        head =
                new ByteBuilder()
                        .add("data: {\"id\":")
                        .quoted(ANSWER + context.id())
                        .add(",\"object\":\"text_completion\",\"created\":")
                        .number(created)
                        .add(",\"model\":")
                        .quoted(start.model().isEmpty() ? context.model() : start.model())
                        .add(",\"choices\":[")
                        .toBytes();
    }

    private void stop(ByteBuilder out) {
        out.add(head).add(END).quoted(OpenAiChatStops.write(stopReason, false, false));
        out.add("}]}\n\n");
        if (context.includeUsage() && !usage.isNone()) {
            out.add(head).add("],\"usage\":");
            OpenAiChatUsage.write(new JsonWriter(out), usage);
            out.add("}\n\n");
        }
        out.add(DONE);
    }

    /** Writes an unstreamed answer. */
    static byte[] encode(Answer answer, EncodeContext context) {
        ByteBuilder text = new ByteBuilder().content(echo(context));
        for (AnswerBlock block : answer.blocks()) {
            switch (block.kind()) {
                case TEXT, REFUSAL -> text.content(block.text());
                case THINKING, REDACTED_THINKING, TOOL_USE, OPAQUE -> lose(block.kind(), context);
            }
            context.losses().addAll(block.annotations());
        }
        context.losses().addIf(answer.stopSequence() != null, "stop_sequence");
        JsonWriter json = new JsonWriter(new ByteBuilder(1024));
        json.beginObject().field("id", ANSWER + context.id()).field("object", "text_completion");
        json.field("created", answer.created() > 0 ? answer.created() : context.createdSeconds());
        json.field("model", answer.model().isEmpty() ? context.model() : answer.model());
        json.name("choices").beginArray().beginObject();
        json.name("text").value(Lenient.content(text)).field("index", 0);
        json.name("logprobs").nullValue();
        json.field("finish_reason", OpenAiChatStops.write(answer.stopReason(), false, false));
        json.endObject().endArray();
        if (!answer.usage().isNone()) {
            json.name("usage");
            OpenAiChatUsage.write(json, answer.usage());
        }
        json.endObject();
        return json.out().toBytes();
    }
}
