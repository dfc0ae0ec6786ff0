package dev.sluice.dialect.openairesponses;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** An item of an upstream's output as it stands in an event or in the whole response. */
final class ResponsesItem {
    private static final Names ITEM =
            Names.of(
                    "id",
                    "type",
                    "call_id",
                    "name",
                    "arguments",
                    "input",
                    "content",
                    "summary",
                    "encrypted_content",
                    "namespace");
    private static final Names PART =
            Names.of("type", "text", "refusal", "annotations", "logprobs");

    /** A part of a message, of reasoning, or of its summary. */
    record Part(boolean refusal, Text text, List<Raw> annotations, @Nullable Raw logprobs) {}

    Text id = Text.EMPTY;
    String type = "";
    Text callId = Text.EMPTY;
    String name = "";
    private String namespace = "";
    Text arguments = Text.EMPTY;
    List<Part> content = List.of();
    List<Part> summary = List.of();
    Text sealed = Text.EMPTY;

    private ResponsesItem() {}

    /** Reads the item that is next. */
    static ResponsesItem read(JsonReader reader) {
        ResponsesItem item = new ResponsesItem();
        if (!Lenient.enterObject(reader)) {
            return item;
        }
        for (int f = reader.nextField(ITEM);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(ITEM)) {
            switch (f) {
                case 0 -> item.id = Lenient.text(reader);
                case 1 -> item.type = Lenient.text(reader).toString();
                case 2 -> item.callId = Lenient.text(reader);
                case 3 -> item.name = Lenient.text(reader).toString();
                case 4, 5 -> item.arguments = Lenient.text(reader);
                case 6 -> item.content = parts(reader);
                case 7 -> item.summary = parts(reader);
                case 8 -> item.sealed = Lenient.text(reader);
                case 9 -> item.namespace = Lenient.text(reader).toString();
                default -> reader.skip();
            }
        }
        item.name = ResponsesNamespace.joined(item.namespace, item.name);
        return item;
    }

    /** Whether the model calls a tool of the client's with it. */
    boolean isCall() {
        return type.equals("function_call") || isCustom();
    }

    /** Whether the tool takes free text. */
    boolean isCustom() {
        return type.equals("custom_tool_call");
    }

    private static List<Part> parts(JsonReader reader) {
        if (!Lenient.enterArray(reader)) {
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        while (reader.hasNext()) {
            parts.add(part(reader));
        }
        return parts;
    }

    private static Part part(JsonReader reader) {
        Text text = Text.EMPTY;
        boolean refusal = false;
        List<Raw> annotations = new ArrayList<>(0);
        Raw logprobs = null;
        if (!Lenient.enterObject(reader)) {
            return new Part(false, text, annotations, null);
        }
        for (int f = reader.nextField(PART);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(PART)) {
            switch (f) {
                case 0 -> refusal = Lenient.text(reader).contentEquals("refusal");
                case 1, 2 -> text = Lenient.text(reader);
                case 3 -> {
                    if (Lenient.enterArray(reader)) {
                        while (reader.hasNext()) {
                            annotations.add(reader.raw());
                        }
                    }
                }
                case 4 -> logprobs = Lenient.something(reader);
                default -> reader.skip();
            }
        }
        return new Part(refusal, text, annotations, logprobs);
    }
}
