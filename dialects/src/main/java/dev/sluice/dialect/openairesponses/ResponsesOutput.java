package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Seal;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The output of a response as far as it was written: the items that are done, and the one that is
 * open with its parts. Events repeat what is in it.
 */
final class ResponsesOutput {
    /** What an item is. */
    enum Kind {
        NONE("", ""),
        MESSAGE("msg_", "message"),
        CALL("fc_", "function_call"),
        CUSTOM_CALL("ctc_", "custom_tool_call"),
        /** Thinking that is told as a summary. */
        SUMMARY("rs_", "reasoning"),
        /** Thinking that is told as it was thought. */
        THOUGHT("rs_", "reasoning");

        private final String prefix;
        private final String type;

        Kind(String prefix, String type) {
            this.prefix = prefix;
            this.type = type;
        }
    }

    private static final byte[] END = ascii("\"}\n\n");
    private static final byte[] END_TEXT = ascii("\",\"logprobs\":[]}\n\n");

    private final EncodeContext context;
    private final ByteBuilder items = new ByteBuilder(512);
    private final ByteBuilder parts = new ByteBuilder(64);
    private final ByteBuilder text = new ByteBuilder(256);
    private final ByteBuilder annotations = new ByteBuilder(16);
    private final ByteBuilder logprobs = new ByteBuilder(16);
    private final ByteBuilder sealed = new ByteBuilder(16);
    private Kind kind = Kind.NONE;
    private String itemId = "";
    private String callId = "";
    private String name = "";
    private int index;
    private int part = -1;
    private boolean partOpen;
    private boolean refusal;
    private boolean refused;
    private int annotationCount;

    ResponsesOutput(EncodeContext context) {
        this.context = context;
    }

    private static byte[] ascii(String value) {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    /** The items that are done, with commas between them. */
    ByteBuilder items() {
        return items;
    }

    /** The place of the open item, or of the next one. */
    int index() {
        return index;
    }

    String itemId() {
        return itemId;
    }

    boolean isNone() {
        return kind == Kind.NONE;
    }

    boolean isMessage() {
        return kind == Kind.MESSAGE;
    }

    boolean isCall() {
        return kind == Kind.CALL || kind == Kind.CUSTOM_CALL;
    }

    boolean isReasoning() {
        return kind == Kind.SUMMARY || kind == Kind.THOUGHT;
    }

    /** Whether a part of plain text is open. */
    boolean isText() {
        return isMessage() && partOpen && !refusal;
    }

    boolean hasPart() {
        return partOpen;
    }

    /** Whether the message has refusal text. */
    boolean refused() {
        return refused;
    }

    // ---- what grows ----

    /** An item begins. */
    void begin(Kind what, BlockStart start) {
        kind = what;
        itemId = what.prefix + context.id() + "_" + index;
        callId = start.id().isEmpty() ? "call_" + context.id() + "_" + index : start.id();
        name = start.name();
        part = -1;
        parts.clear();
        text.clear();
        sealed.clear();
    }

    /**
     * A part begins, of reasoning only for what will be in it: there may be no more than a seal.
     */
    void part(boolean isRefusal) {
        part++;
        refusal = isRefusal;
        refused |= isRefusal;
        partOpen = isMessage();
        text.clear();
        annotations.clear();
        logprobs.clear();
        annotationCount = 0;
    }

    /** Whether the next text begins a part of reasoning, which is then open. */
    boolean beginsThinking() {
        boolean begins = isReasoning() && !partOpen;
        partOpen |= begins;
        return begins;
    }

    void grow(Text more) {
        text.content(more);
    }

    /** The vendor's seal on thinking that can be read. */
    void seal(Text more) {
        sealed.content(more);
    }

    /** Thinking that only its vendor can read. */
    void seal(@Nullable Raw redacted) {
        if (redacted != null && redacted.kind() == JsonReader.Kind.STRING) {
            sealed.content(Seal.mark(ResponsesSeal.REDACTED, redacted.reader().string()));
        }
    }

    /** How many annotations the open part has. */
    int annotations() {
        return annotationCount;
    }

    void annotate(Raw annotation) {
        annotation.writeTo(annotations.isEmpty() ? annotations : annotations.add(','));
        annotationCount++;
    }

    /** The log probabilities of a piece of the text, in an array. */
    void logprobs(Raw piece) {
        if (piece.kind() != JsonReader.Kind.ARRAY) {
            return;
        }
        JsonReader reader = piece.reader();
        reader.beginArray();
        while (reader.hasNext()) {
            reader.raw().writeTo(logprobs.isEmpty() ? logprobs : logprobs.add(','));
        }
    }

    /**
     * Clients parse the arguments, so a call without any gets an empty object; not one that was
     * cut.
     */
    boolean fills(String status) {
        boolean fills = kind == Kind.CALL && text.isEmpty() && status.equals("completed");
        if (fills) {
            text.add("{}");
        }
        return fills;
    }

    /** The open part is done. */
    void partDone() {
        if (partOpen) {
            if (!parts.isEmpty()) {
                parts.add(',');
            }
            writePart(parts);
            partOpen = false;
            text.clear();
        }
    }

    /** The open item is done. */
    void done(String status) {
        writeItem(items.isEmpty() ? items : items.add(','), status);
        kind = Kind.NONE;
        index++;
    }

    /** An item as the upstream wrote it. */
    void own(Raw item) {
        item.writeTo(items.isEmpty() ? items : items.add(','));
        index++;
    }

    // ---- how it is written ----

    /** Where in its item the open part is. */
    String partMember() {
        return switch (kind) {
            case MESSAGE, THOUGHT -> ",\"content_index\":" + part;
            case SUMMARY -> ",\"summary_index\":" + part;
            case CALL, CUSTOM_CALL, NONE -> "";
        };
    }

    /** What the events of the open part's text begin with. */
    private String textType() {
        return switch (kind) {
            case MESSAGE -> refusal ? "response.refusal" : "response.output_text";
            case THOUGHT -> "response.reasoning_text";
            case SUMMARY -> "response.reasoning_summary_text";
            case CALL -> "response.function_call_arguments";
            case CUSTOM_CALL -> "response.custom_tool_call_input";
            case NONE -> "";
        };
    }

    String deltaType() {
        return textType() + ".delta";
    }

    String doneType() {
        return textType() + ".done";
    }

    /** What the events of the open part itself begin with. */
    String partType() {
        return kind == Kind.SUMMARY ? "response.reasoning_summary_part" : "response.content_part";
    }

    /** What follows the text of a delta. */
    byte[] afterDelta() {
        return isMessage() && !refusal ? END_TEXT : END;
    }

    private String partTypeName() {
        return switch (kind) {
            case MESSAGE -> refusal ? "refusal" : "output_text";
            case THOUGHT -> "reasoning_text";
            case SUMMARY, CALL, CUSTOM_CALL, NONE -> "summary_text";
        };
    }

    /** Writes the open part as far as it came. */
    void writePart(ByteBuilder out) {
        out.add("{\"type\":\"").add(partTypeName());
        if (refusal && isMessage()) {
            out.add("\",\"refusal\":\"").add(text).add("\"}");
            return;
        }
        out.add("\",\"text\":\"").add(text).add('"');
        if (isMessage()) {
            out.add(",\"annotations\":[").add(annotations).add("],\"logprobs\":[");
            out.add(logprobs).add(']');
        }
        out.add('}');
    }

    /** Writes the members that tell the whole text of what is done. */
    void writeWhole(ByteBuilder out) {
        switch (kind) {
            case CALL -> {
                out.add(",\"name\":").quoted(ResponsesNamespace.nameIn(name));
                out.add(",\"arguments\":\"");
            }
            case CUSTOM_CALL -> out.add(",\"input\":\"");
            case MESSAGE -> out.add(refusal ? ",\"refusal\":\"" : ",\"text\":\"");
            case SUMMARY, THOUGHT, NONE -> out.add(",\"text\":\"");
        }
        out.add(text).add('"');
        if (isMessage() && !refusal) {
            out.add(",\"logprobs\":[").add(logprobs).add(']');
        }
    }

    /** Writes the open item with the parts that are done. */
    void writeItem(ByteBuilder out, String status) {
        out.add("{\"id\":").quoted(itemId).add(",\"type\":\"").add(kind.type).add('"');
        switch (kind) {
            case MESSAGE ->
                    status(out, status)
                            .add(",\"role\":\"assistant\",\"content\":[")
                            .add(parts)
                            .add(']');
            case CALL, CUSTOM_CALL -> {
                status(out, status).add(",\"call_id\":").quoted(callId);
                String namespace = ResponsesNamespace.of(name);
                if (!namespace.isEmpty()) {
                    out.add(",\"namespace\":").quoted(namespace);
                }
                out.add(",\"name\":").quoted(ResponsesNamespace.nameIn(name));
                out.add(kind == Kind.CALL ? ",\"arguments\":\"" : ",\"input\":\"");
                out.add(text).add('"');
            }
            case SUMMARY -> out.add(",\"summary\":[").add(parts).add(']');
            case THOUGHT ->
                    status(out, status).add(",\"summary\":[],\"content\":[").add(parts).add(']');
            case NONE -> {}
        }
        if (!sealed.isEmpty()) {
            out.add(",\"encrypted_content\":").quoted(seal());
        }
        out.add('}');
    }

    private static ByteBuilder status(ByteBuilder out, String status) {
        return out.add(",\"status\":\"").add(status).add('"');
    }

    /** Seals of other vendors go to the client with a mark that tells whose they are not. */
    private Text seal() {
        Text seal = sealed.toText();
        return context.sameDialect()
                ? seal
                : Text.of(Seal.mark(ResponsesSeal.OTHER, seal.toString()));
    }
}
