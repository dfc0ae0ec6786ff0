package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a request. Members that have a canonical form are typed; all others go to {@link
 * Request#extra} as they are, those of an inner object under {@code object.member}.
 */
final class AnthropicRequestDecoder {
    private static final Names MEMBERS =
            Names.of(
                    "model",
                    "messages",
                    "system",
                    "max_tokens",
                    "stream",
                    "stop_sequences",
                    "temperature",
                    "top_p",
                    "top_k",
                    "tools",
                    "tool_choice",
                    "thinking",
                    "output_config",
                    "metadata",
                    "service_tier");
    private static final Names THINKING = Names.of("type", "budget_tokens", "display");
    private static final Names OUTPUT = Names.of("effort", "format");
    private static final Names FORMAT = Names.of("type", "schema");
    private static final Names METADATA = Names.of("user_id");

    private final RequestBody body;
    private final JsonReader reader;
    private final Request.Builder request = Request.builder(AnthropicDialect.NAME);
    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Long topK;
    private final List<String> stop = new ArrayList<>();
    private Effort effort = Effort.UNSAID;
    private boolean messagesSeen;

    private AnthropicRequestDecoder(byte[] bytes) {
        body = new RequestBody(bytes);
        reader = body.reader;
    }

    /** Reads a request for an answer. */
    static Request decode(Call call) {
        AnthropicRequestDecoder decoder = new AnthropicRequestDecoder(call.body());
        decoder.members();
        RequestChecks.required(decoder.request.maxOutput != null, "max_tokens");
        return decoder.finish(call);
    }

    /** Reads a request for a count of tokens, which has no limit of output. */
    static Request decodeCount(Call call) {
        AnthropicRequestDecoder decoder = new AnthropicRequestDecoder(call.body());
        decoder.members();
        return decoder.finish(call);
    }

    private Request finish(Call call) {
        RequestChecks.required(!request.model.isEmpty(), "model");
        RequestChecks.required(messagesSeen, "messages");
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
        request.includeUsage = true;
        combineEffort();
        Request whole = request.build();
        RequestChecks.check(whole, call.headers());
        return whole;
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

    private void members() {
        reader.beginObject();
        int member = reader.nextField(MEMBERS);
        while (member != JsonReader.END_OBJECT) {
            if (member == JsonReader.UNKNOWN) {
                extra("");
            } else if (!reader.skipNull()) {
                member(member);
            }
            member = reader.nextField(MEMBERS);
        }
    }

    private void extra(String prefix) {
        String name = prefix + reader.fieldName();
        if (!reader.skipNull()) {
            request.extra.putIfAbsent(name, reader.raw());
        }
    }

    private void member(int member) {
        switch (member) {
            case 0 -> request.model = reader.string();
            case 1 -> messages();
            case 2 -> request.system.addAll(new BlockReader(body, request.extra).blocksOrString());
            case 3 -> request.maxOutput = reader.integer();
            case 4 -> request.stream = reader.bool();
            case 5 -> stops();
            case 6 -> temperature = reader.number();
            case 7 -> topP = reader.number();
            case 8 -> topK = reader.integer();
            case 9 -> new ToolReader(body, request).tools();
            case 10 -> new ToolReader(body, request).choice();
            case 11 -> thinking();
            case 12 -> output();
            case 13 -> metadata();
            case 14 -> request.serviceTier = reader.string();
            default -> throw new IllegalStateException("member " + member);
        }
    }

    private void messages() {
        messagesSeen = true;
        BlockReader blocks = new BlockReader(body, request.extra);
        reader.beginArray();
        while (reader.hasNext()) {
            Message message = blocks.message();
            request.messages.add(message);
        }
    }

    private void stops() {
        reader.beginArray();
        while (reader.hasNext()) {
            stop.add(reader.string());
        }
    }

    private void thinking() {
        Optional<Mode> mode =
                switch (body.typeAhead()) {
                    case "enabled" -> Optional.of(Mode.BUDGET);
                    case "adaptive" -> Optional.of(Mode.ADAPTIVE);
                    case "disabled" -> Optional.of(Mode.OFF);
                    default -> Optional.empty();
                };
        if (mode.isEmpty()) {
            // A form that says no more than this vendor understands, such as between_tools.
            request.extra.put("thinking", body.object());
            return;
        }
        long budget = -1;
        Show show = Show.UNSAID;
        reader.beginObject();
        int member = reader.nextField(THINKING);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> reader.skip();
                case 1 -> budget = reader.skipNull() ? budget : reader.integer();
                case 2 -> show = show(body.string());
                default -> extra("thinking.");
            }
            member = reader.nextField(THINKING);
        }
        if (mode.get() == Mode.BUDGET && budget < 0) {
            throw body.missing("budget_tokens");
        }
        request.thinking = new ThinkingConfig(mode.get(), Math.max(0, budget), Effort.UNSAID, show);
    }

    private static Show show(@Nullable String display) {
        return switch (display) {
            case "summarized" -> Show.SUMMARIZED;
            case "omitted" -> Show.OMITTED;
            case null, default -> Show.UNSAID;
        };
    }

    private void output() {
        reader.beginObject();
        int member = reader.nextField(OUTPUT);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> effort();
                case 1 -> format();
                default -> extra("output_config.");
            }
            member = reader.nextField(OUTPUT);
        }
    }

    private void effort() {
        int at = reader.position();
        Raw raw = body.raw();
        if (raw == null) {
            return;
        }
        for (Effort known : Effort.values()) {
            if (known.budget() > 0 && raw.toString().equals("\"" + known.word() + "\"")) {
                effort = known;
                return;
            }
        }
        if (raw.kind() != JsonReader.Kind.STRING) {
            throw body.wrong("a string (at byte " + at + ")");
        }
        request.extra.put("output_config.effort", raw);
    }

    private void format() {
        if (reader.skipNull()) {
            return;
        }
        if (!body.typeAhead().equals("json_schema")) {
            request.extra.put("output_config.format", body.object());
            return;
        }
        Raw schema = null;
        reader.beginObject();
        int member = reader.nextField(FORMAT);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> reader.skip();
                case 1 -> schema = body.object();
                default -> extra("output_config.format.");
            }
            member = reader.nextField(FORMAT);
        }
        if (schema == null) {
            throw body.missing("schema");
        }
        // This vendor holds every answer to its schema.
        request.responseFormat = new ResponseFormat.JsonSchema("", null, schema, true);
    }

    private void metadata() {
        reader.beginObject();
        int member = reader.nextField(METADATA);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0) {
                request.user = body.string();
            } else {
                extra("metadata.");
            }
            member = reader.nextField(METADATA);
        }
    }
}
