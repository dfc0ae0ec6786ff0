package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;
import dev.sluice.core.request.Tool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a request of either form and checks it. Null is absent everywhere, and a stream is asked
 * for unless {@code stream} says no. A bare prompt becomes a conversation of one message.
 */
final class OllamaRequestDecoder {
    private static final Names REQUEST =
            Names.of(
                    "model",
                    "messages",
                    "prompt",
                    "system",
                    "images",
                    "stream",
                    "options",
                    "format",
                    "tools",
                    "think",
                    "logprobs",
                    "top_logprobs",
                    "suffix",
                    "template",
                    "context",
                    "raw");
    private static final Names MODEL = Names.of("model", "name");
    private static final Names TOOL = Names.of("function", "type");
    private static final Names FUNCTION = Names.of("name", "description", "parameters");

    private final JsonReader reader;
    private final boolean conversation;
    private final Request.Builder request = Request.builder(OllamaDialect.NAME);
    private final OllamaOptions options = new OllamaOptions();
    private final List<Block> prompt = new ArrayList<>();
    private final List<Block> images = new ArrayList<>();
    private final List<Block> opaque = new ArrayList<>();
    private @Nullable Boolean logprobs;
    private @Nullable Long topLogprobs;

    private OllamaRequestDecoder(Call call) {
        reader = JsonReader.strict(call.body());
        conversation = call.operation() != Operation.COMPLETE;
        request.stream = true;
        request.includeUsage = true;
    }

    static Request decode(Call call) {
        return new OllamaRequestDecoder(call).request();
    }

    /** Reads which model a client wants to be shown; older ones call it {@code name}. */
    static String modelName(byte[] body) {
        JsonReader reader = JsonReader.strict(body);
        String name = "";
        reader.beginObject();
        for (int f = reader.nextField(MODEL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MODEL)) {
            if (f < 0) {
                reader.skip();
            } else if (!reader.skipNull()) {
                name = reader.string();
            }
        }
        if (name.isEmpty()) {
            throw noModel();
        }
        return name;
    }

    private static RuntimeException noModel() {
        return Failure.invalid("model", "model is required").asException();
    }

    private Request request() {
        reader.beginObject();
        for (int f = reader.nextField(REQUEST);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REQUEST)) {
            if (!reader.skipNull()) {
                member(f);
            }
        }
        if (request.model.isEmpty()) {
            throw noModel();
        }
        request.sampling = options.sampling(logprobs, topLogprobs);
        if (!conversation && !(prompt.isEmpty() && images.isEmpty() && opaque.isEmpty())) {
            List<Block> blocks = new ArrayList<>(prompt);
            blocks.addAll(images);
            blocks.addAll(opaque);
            request.messages.add(new Message(Role.USER, blocks));
        }
        return request.build();
    }

    private void member(int field) {
        switch (field) {
            case 0 -> request.model = reader.string();
            case 5 -> request.stream = reader.bool();
            case 6 -> options.read(reader, request);
            case 7 -> format();
            case 9 -> think();
            case 10 -> logprobs = reader.bool();
            case 11 -> topLogprobs = reader.integer();
            default -> {
                if (conversation ? !ofConversation(field) : !ofPrompt(field)) {
                    request.extra.put(reader.fieldName(), reader.raw());
                }
            }
        }
    }

    private boolean ofConversation(int field) {
        switch (field) {
            case 1 -> new OllamaMessagesDecoder(reader, request).read();
            case 8 -> tools();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What only the server that made the model can do with a prompt crosses as it is, or not. */
    private boolean ofPrompt(int field) {
        switch (field) {
            case 2 -> text(prompt);
            case 3 -> text(request.system);
            case 4 -> OllamaMessagesDecoder.images(reader, images);
            case 12, 13, 14, 15 -> {
                String name = reader.fieldName();
                Raw value = reader.raw();
                boolean said =
                        switch (value.toString()) {
                            case "false", "\"\"", "[]" -> false;
                            default -> true;
                        };
                if (said) {
                    opaque.add(new Block.Opaque(name, value));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void text(List<Block> into) {
        String text = reader.string();
        if (!text.isEmpty()) {
            into.add(new Block.Text(text));
        }
    }

    private void format() {
        if (reader.peek() == Kind.OBJECT) {
            request.responseFormat = new ResponseFormat.JsonSchema("", null, reader.raw(), null);
            return;
        }
        switch (reader.string()) {
            case "" -> {}
            case "json" -> request.responseFormat = new ResponseFormat.JsonObject();
            default -> throw reader.error("expected `json` or a JSON schema");
        }
    }

    private void think() {
        if (reader.peek() == Kind.BOOLEAN) {
            request.thinking =
                    reader.bool() ? thinking(Mode.ADAPTIVE, Effort.UNSAID) : ThinkingConfig.off();
            return;
        }
        request.thinking =
                switch (reader.string()) {
                    case "low" -> thinking(Mode.EFFORT, Effort.LOW);
                    case "medium" -> thinking(Mode.EFFORT, Effort.MEDIUM);
                    case "high" -> thinking(Mode.EFFORT, Effort.HIGH);
                    case "max" -> thinking(Mode.EFFORT, Effort.MAX);
                    default ->
                            throw reader.error(
                                    "expected true, false, `low`, `medium`, `high` or `max`");
                };
    }

    private static ThinkingConfig thinking(Mode mode, Effort effort) {
        return new ThinkingConfig(mode, 0, effort, Show.SUMMARIZED);
    }

    private void tools() {
        reader.beginArray();
        while (reader.hasNext()) {
            request.tools.add(tool());
        }
    }

    private Tool tool() {
        Tool tool = null;
        reader.beginObject();
        for (int f = reader.nextField(TOOL);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TOOL)) {
            if (f == 0) {
                tool = function();
            } else {
                reader.skip();
            }
        }
        if (tool == null) {
            throw reader.error("expected a member `function`");
        }
        return tool;
    }

    private Tool function() {
        String name = "";
        String description = null;
        Raw parameters = null;
        reader.beginObject();
        for (int f = reader.nextField(FUNCTION);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FUNCTION)) {
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> name = reader.string();
                case 1 -> description = reader.string();
                case 2 -> {
                    if (reader.peek() != Kind.OBJECT) {
                        throw reader.error("expected a JSON schema, which is an object");
                    }
                    parameters = reader.raw();
                }
                default -> reader.skip();
            }
        }
        if (name.isEmpty()) {
            throw reader.error("expected a `name` of at least one character");
        }
        return new Tool.Function(name, description, parameters, null, null);
    }
}
