package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.dialect.KnownServers;
import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.function.Consumer;

/** Requests put together by hand, and what is written of them. */
final class Encoding {
    private Encoding() {}

    static final Raw CACHE = Raw.of("{\"type\":\"ephemeral\"}");
    static final String FOREIGN = "anthropic";

    static Target server(String name) {
        Quirks quirks = KnownServers.find("openai-chat", name).orElseThrow();
        return new Target("m2", quirks, 4096, true);
    }

    static Target openai() {
        return server(KnownServers.OPENAI);
    }

    static Request request(String dialect, Consumer<Request.Builder> fill) {
        Request.Builder builder = Request.builder(dialect);
        builder.model = "m1";
        fill.accept(builder);
        if (builder.messages.isEmpty()) {
            builder.messages.add(Message.of(Role.USER, "hi"));
        }
        return builder.build();
    }

    static EncodedRequest encode(String dialect, Target target, Consumer<Request.Builder> fill) {
        return new OpenAiChatDialect().encodeRequest(request(dialect, fill), target);
    }

    static JsonNode foreign(Consumer<Request.Builder> fill) {
        return Json.parse(encode(FOREIGN, openai(), fill).body());
    }

    static JsonNode body(EncodedRequest encoded) {
        return Json.parse(encoded.body());
    }

    static String messages(EncodedRequest encoded) {
        return body(encoded).path("messages").toString();
    }

    static EncodedRequest conversation(Target target, Message... messages) {
        return encode(FOREIGN, target, b -> b.messages.addAll(List.of(messages)));
    }

    static Message user(Block... blocks) {
        return new Message(Role.USER, List.of(blocks));
    }

    static Message assistant(Block... blocks) {
        return new Message(Role.ASSISTANT, List.of(blocks));
    }

    static Block.ToolUse call(String id, String name, String arguments) {
        return new Block.ToolUse(id, name, arguments, false, null);
    }

    static Block.ToolResult result(String id, boolean error, Block... content) {
        return new Block.ToolResult(id, List.of(content), error, null);
    }

    static void refuses(String param, Runnable encoding) {
        assertThatThrownBy(encoding::run)
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> {
                            assertThat(e.failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
                            assertThat(e.failure().param()).isEqualTo(param);
                        });
    }

    static Sampling sampling(
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Long topK,
            List<String> stop) {
        return new Sampling(
                temperature, topP, topK, null, null, null, null, null, null, null, null, stop);
    }
}
