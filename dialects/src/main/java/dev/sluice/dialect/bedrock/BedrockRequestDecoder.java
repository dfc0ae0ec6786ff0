package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a request and checks it. The model and whether to stream are in the path. Members that have
 * a canonical form are typed; all others go to {@link Request#extra} as they are, those of an inner
 * object under {@code object.member}.
 */
final class BedrockRequestDecoder {
    /** Before the name of a model's own parameter in the request's extra members. */
    static final String MODEL_FIELDS = "additionalModelRequestFields.";

    /** The member that says what of a model's own answer is told. */
    static final String RESPONSE_PATHS = "additionalModelResponseFieldPaths";

    static final String INFERENCE = "inferenceConfig.";
    static final String OUTPUT = "outputConfig.";
    static final String TIER = "serviceTier.";

    private static final Names REQUEST =
            Names.of(
                    "messages",
                    "system",
                    "inferenceConfig",
                    "toolConfig",
                    "additionalModelRequestFields",
                    "outputConfig",
                    "serviceTier");
    private static final Names INFERENCE_CONFIG =
            Names.of("maxTokens", "temperature", "topP", "stopSequences");
    private static final Names MODEL_MEMBERS = Names.of("top_k", "thinking");
    private static final Names THINKING = Names.of("type", "budget_tokens");
    private static final Names OUTPUT_CONFIG = Names.of("textFormat", "effort");
    private static final Names TEXT_FORMAT = Names.of("type", "structure");
    private static final Names STRUCTURE = Names.of("jsonSchema");
    private static final Names SCHEMA = Names.of("schema", "name", "description");
    private static final Names TYPE = Names.of("type");
    private static final Names COUNT = Names.of("input");
    private static final Names INPUT = Names.of("converse");

    private final JsonReader reader;
    private final Request.Builder request = Request.builder(BedrockDialect.NAME);
    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Long topK;
    private final List<String> stop = new ArrayList<>();
    private Effort effort = Effort.UNSAID;

    private BedrockRequestDecoder(byte[] body) {
        reader = JsonReader.strict(body);
    }

    /** Reads a request for an answer. */
    static Request decode(Call call) {
        return new BedrockRequestDecoder(call.body())
                .request(BedrockPaths.modelOf(call.path()), BedrockPaths.isStreamed(call.path()));
    }

    /** Reads a request for a count of tokens, which holds one for an answer. */
    static Request decodeCount(Call call) {
        JsonReader outer = JsonReader.strict(call.body());
        Raw converse = null;
        outer.beginObject();
        for (int f = outer.nextField(COUNT);
                f != JsonReader.END_OBJECT;
                f = outer.nextField(COUNT)) {
            if (f == 0) {
                converse = converse(outer);
            } else {
                outer.skip();
            }
        }
        if (converse == null) {
            throw Failure.unsupported(
                            "input",
                            "input.converse is required: the tokens of a request in a model's own"
                                    + " format cannot be counted here")
                    .asException();
        }
        return new BedrockRequestDecoder(converse.toString().getBytes(StandardCharsets.UTF_8))
                .request(BedrockPaths.modelOf(call.path()), false);
    }

    private static @Nullable Raw converse(JsonReader outer) {
        Raw converse = null;
        outer.beginObject();
        for (int f = outer.nextField(INPUT);
                f != JsonReader.END_OBJECT;
                f = outer.nextField(INPUT)) {
            if (f == 0) {
                converse = outer.raw();
            } else {
                outer.skip();
            }
        }
        return converse;
    }

    private Request request(String model, boolean stream) {
        request.model = model;
        request.stream = stream;
        request.includeUsage = true;
        reader.beginObject();
        for (int f = reader.nextField(REQUEST);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(REQUEST)) {
            if (f < 0) {
                extra("");
            } else if (!reader.skipNull()) {
                member(f);
            }
        }
        if (request.messages.isEmpty()) {
            throw Failure.invalid("messages", "messages: at least one message is required")
                    .asException();
        }
        request.sampling =
                new Sampling(
                        temperature,
                        topP,
                        topK,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        stop);
        combineEffort();
        return request.build();
    }

    /**
     * How hard to work is said beside how to think; without a word about thinking it stands alone.
     */
    private void combineEffort() {
        if (effort == Effort.UNSAID) {
            return;
        }
        ThinkingConfig said = request.thinking;
        request.thinking =
                said == null
                        ? ThinkingConfig.effort(effort)
                        : new ThinkingConfig(said.mode(), said.budget(), effort, said.show());
    }

    private void extra(String prefix) {
        String name = prefix + reader.fieldName();
        if (!reader.skipNull()) {
            request.extra.putIfAbsent(name, reader.raw());
        }
    }

    private void member(int field) {
        BedrockContentDecoder content = new BedrockContentDecoder(reader);
        switch (field) {
            case 0 -> content.messages(request.messages);
            case 1 -> request.system.addAll(content.blocks());
            case 2 -> inference();
            case 3 -> new BedrockToolsDecoder(reader, request).read();
            case 4 -> modelFields();
            case 5 -> output();
            case 6 -> tier();
            default -> throw new IllegalStateException("member " + field);
        }
    }

    private void inference() {
        reader.beginObject();
        for (int f = reader.nextField(INFERENCE_CONFIG);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(INFERENCE_CONFIG)) {
            if (f < 0) {
                extra(INFERENCE);
                continue;
            }
            if (reader.skipNull()) {
                continue;
            }
            switch (f) {
                case 0 -> request.maxOutput = atLeastOne();
                case 1 -> temperature = share();
                case 2 -> topP = share();
                default -> stops();
            }
        }
    }

    private long atLeastOne() {
        long value = reader.integer();
        if (value < 1) {
            throw reader.error("expected 1 or more");
        }
        return value;
    }

    private double share() {
        double value = reader.number();
        if (value < 0 || value > 1) {
            throw reader.error("expected a number from 0 to 1");
        }
        return value;
    }

    private void stops() {
        reader.beginArray();
        while (reader.hasNext()) {
            String text = reader.string();
            if (text.isEmpty()) {
                throw reader.error("expected a text of one character or more");
            }
            stop.add(text);
        }
    }

    /** Parameters of the model's own; two of them are known from many models. */
    private void modelFields() {
        if (reader.peek() != Kind.OBJECT) {
            throw reader.error("expected an object, found " + reader.peek().words());
        }
        reader.beginObject();
        for (int f = reader.nextField(MODEL_MEMBERS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MODEL_MEMBERS)) {
            String name = MODEL_FIELDS + reader.fieldName();
            Raw value = reader.raw();
            boolean typed = f == 0 && topK(value) || f == 1 && thinking(value);
            if (!typed) {
                request.extra.putIfAbsent(name, value);
            }
        }
    }

    private boolean topK(Raw value) {
        if (value.kind() != Kind.NUMBER) {
            return false;
        }
        try {
            topK = value.reader().integer();
            return true;
        } catch (MalformedJson fraction) {
            return false;
        }
    }

    /** Whether {@code value} says no more of thinking than is known here. */
    private boolean thinking(Raw value) {
        if (value.kind() != Kind.OBJECT) {
            return false;
        }
        String type = "";
        long budget = -1;
        JsonReader inner = value.reader();
        inner.beginObject();
        for (int f = inner.nextField(THINKING);
                f != JsonReader.END_OBJECT;
                f = inner.nextField(THINKING)) {
            if (f == 0 && inner.peek() == Kind.STRING) {
                type = inner.string();
            } else if (f == 1 && inner.peek() == Kind.NUMBER) {
                budget = inner.integer();
            } else {
                return false;
            }
        }
        Mode mode =
                switch (type) {
                    case "enabled" -> Mode.BUDGET;
                    case "adaptive" -> Mode.ADAPTIVE;
                    default -> Mode.OFF;
                };
        if ((mode == Mode.BUDGET) != (budget >= 0)
                || mode == Mode.OFF && !type.equals("disabled")) {
            return false;
        }
        request.thinking =
                new ThinkingConfig(mode, Math.max(0, budget), Effort.UNSAID, Show.UNSAID);
        return true;
    }

    private void output() {
        reader.beginObject();
        for (int f = reader.nextField(OUTPUT_CONFIG);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(OUTPUT_CONFIG)) {
            String name = OUTPUT + reader.fieldName();
            if (reader.skipNull()) {
                continue;
            }
            int at = reader.position();
            Raw value = reader.raw();
            boolean typed = f == 0 && format(value, at) || f == 1 && effort(value);
            if (!typed) {
                request.extra.putIfAbsent(name, value);
            }
        }
    }

    private boolean effort(Raw value) {
        for (Effort known : Effort.values()) {
            if (known.budget() > 0 && value.toString().equals("\"" + known.word() + "\"")) {
                effort = known;
                return true;
            }
        }
        return false;
    }

    private boolean format(Raw value, int at) {
        String type = "";
        Optional<Raw> structure = Optional.empty();
        JsonReader inner = value.reader();
        inner.beginObject();
        for (int f = inner.nextField(TEXT_FORMAT);
                f != JsonReader.END_OBJECT;
                f = inner.nextField(TEXT_FORMAT)) {
            if (f == 0) {
                type = inner.string();
            } else if (f == 1) {
                structure = Optional.of(inner.raw());
            } else {
                inner.skip();
            }
        }
        if (!type.equals("json_schema") || structure.isEmpty()) {
            return false;
        }
        JsonReader outer = structure.get().reader();
        outer.beginObject();
        if (outer.nextField(STRUCTURE) != 0) {
            return false;
        }
        request.responseFormat = schema(outer, at);
        return true;
    }

    /** The schema is a document within a string on this wire. */
    private ResponseFormat schema(JsonReader inner, int at) {
        String schema = "";
        String name = "";
        String description = null;
        inner.beginObject();
        for (int f = inner.nextField(SCHEMA);
                f != JsonReader.END_OBJECT;
                f = inner.nextField(SCHEMA)) {
            if (f < 0) {
                inner.skip();
            } else if (!inner.skipNull()) {
                String text = inner.string();
                schema = f == 0 ? text : schema;
                name = f == 1 ? text : name;
                description = f == 2 ? text : description;
            }
        }
        try {
            // The vendor holds every answer to its schema.
            return new ResponseFormat.JsonSchema(name, description, Raw.of(schema), true);
        } catch (MalformedJson noJson) {
            throw Failure.invalid(
                            "outputConfig.textFormat.structure.jsonSchema.schema",
                            "outputConfig.textFormat (at byte "
                                    + at
                                    + "): expected a schema that is JSON in a string")
                    .asException();
        }
    }

    private void tier() {
        reader.beginObject();
        for (int f = reader.nextField(TYPE);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(TYPE)) {
            if (f < 0) {
                extra(TIER);
            } else if (!reader.skipNull()) {
                request.serviceTier = reader.string();
            }
        }
    }
}
