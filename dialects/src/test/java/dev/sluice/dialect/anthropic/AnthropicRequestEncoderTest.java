package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
import dev.sluice.dialect.KnownServers;
import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Requests of other dialects on their way to this one, row by row of what the wires share. */
class AnthropicRequestEncoderTest {
    private static final Quirks VENDOR = Quirks.vendor("anthropic");
    private static final Tool TOOL =
            new Tool.Function("f", "d", Raw.of("{\"type\":\"object\"}"), null, null);

    private static Target target(Quirks quirks) {
        return new Target("claude", quirks, 4096, false);
    }

    private static Request request(Consumer<Request.Builder> members) {
        Request.Builder builder = Request.builder("openai-chat");
        builder.model = "asked";
        members.accept(builder);
        if (builder.messages.isEmpty()) {
            builder.messages.add(Message.of(Role.USER, "hi"));
        }
        return builder.build();
    }

    private static EncodedRequest encode(Consumer<Request.Builder> members) {
        return Wire.DIALECT.encodeRequest(request(members), target(VENDOR));
    }

    private static EncodedRequest encode(Quirks quirks, Consumer<Request.Builder> members) {
        return Wire.DIALECT.encodeRequest(request(members), target(quirks));
    }

    private static Quirks without(Quirk quirk) {
        return VENDOR.with(Map.of(quirk, false));
    }

    private static JsonNode body(EncodedRequest encoded) {
        return Json.parse(encoded.body());
    }

    private static JsonNode body(Consumer<Request.Builder> members) {
        return body(encode(members));
    }

    private static JsonNode messages(Block... blocks) {
        return body(r -> r.messages.add(new Message(Role.USER, List.of(blocks)))).path("messages");
    }

    private static void refuses(String field, Consumer<Request.Builder> members) {
        Throwable thrown = catchThrowable(() -> encode(members));
        assertThat(thrown).isInstanceOf(FailureException.class);
        assertThat(((FailureException) thrown).failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
        assertThat(((FailureException) thrown).failure().field()).contains(field);
    }

    private static Sampling sampling(
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Long topK,
            String... stop) {
        return new Sampling(
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
                List.of(stop));
    }

    private static Block.ToolUse call(String id, String name, String arguments) {
        return new Block.ToolUse(id, name, arguments, false, null);
    }

    private static Block.ToolResult result(String id, String text) {
        return new Block.ToolResult(id, List.of(new Block.Text(text)), false, null);
    }

    // ---- the request ----

    @Test
    @Tag("R14")
    void writesTheLeastThereIs() {
        EncodedRequest encoded = encode(r -> {});
        assertThat(Json.utf8(encoded.body()))
                .isEqualTo(
                        "{\"model\":\"claude\",\"max_tokens\":4096,\"messages\":[{\"role\":\"user\","
                            + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}");
        assertThat(encoded.warnings()).isEmpty();
        assertThat(encoded.emulations().isNone()).isTrue();
        assertThat(encode(r -> {}).body()).isEqualTo(encoded.body());
    }

    @Test
    void asksForAStreamAndTheLimit() {
        Target stream = new Target("claude", VENDOR, 4096, true);
        JsonNode body = body(Wire.DIALECT.encodeRequest(request(r -> r.maxOutput = 99L), stream));
        assertThat(body.path("stream").booleanValue()).isTrue();
        assertThat(body.path("max_tokens").intValue()).isEqualTo(99);
    }

    @Test
    void writesSampling() {
        EncodedRequest encoded = encode(r -> r.sampling = sampling(0.5, 0.25, 7L, "a", "b"));
        assertThat(body(encoded).path("temperature").doubleValue()).isEqualTo(0.5);
        assertThat(body(encoded).path("top_p").doubleValue()).isEqualTo(0.25);
        assertThat(body(encoded).path("top_k").intValue()).isEqualTo(7);
        assertThat(body(encoded).path("stop_sequences")).isEqualTo(Json.parse("[\"a\",\"b\"]"));
        assertThat(encoded.warnings()).isEmpty();
    }

    @Test
    void clampsTheTemperature() {
        EncodedRequest encoded = encode(r -> r.sampling = sampling(1.5, 1.0, null));
        assertThat(body(encoded).path("temperature").doubleValue()).isEqualTo(1);
        assertThat(body(encoded).has("top_p")).isFalse();
        assertThat(encoded.warnings()).containsExactly("clamped=temperature");
    }

    @Test
    void dropsWhatItHasNoWordFor() {
        EncodedRequest encoded =
                encode(
                        r ->
                                r.sampling =
                                        new Sampling(
                                                null,
                                                null,
                                                null,
                                                0.1,
                                                0.5,
                                                0.5,
                                                1.1,
                                                7L,
                                                true,
                                                3L,
                                                Raw.of("{\"1\":2}"),
                                                List.of()));
        assertThat(encoded.warnings())
                .containsExactly(
                        "dropped=presence_penalty",
                        "dropped=frequency_penalty",
                        "dropped=repetition_penalty",
                        "dropped=min_p",
                        "dropped=seed",
                        "dropped=logprobs",
                        "dropped=top_logprobs",
                        "dropped=logit_bias");
        EncodedRequest usual =
                encode(
                        r ->
                                r.sampling =
                                        new Sampling(
                                                null,
                                                null,
                                                null,
                                                0.0,
                                                0.0,
                                                0.0,
                                                1.0,
                                                null,
                                                false,
                                                0L,
                                                Raw.of("{}"),
                                                List.of()));
        assertThat(usual.warnings()).isEmpty();
    }

    @Test
    void watchesForBlankStopsItself() {
        EncodedRequest encoded = encode(r -> r.sampling = sampling(null, null, null, "\n\n", "x"));
        assertThat(body(encoded).path("stop_sequences")).isEqualTo(Json.parse("[\"x\"]"));
        assertThat(encoded.emulations().stopSequences()).containsExactly("\n\n");
        assertThat(encoded.warnings()).containsExactly("emulated=stop");
    }

    @ParameterizedTest
    @CsvSource({"auto,auto", "priority,auto", "default,standard_only", "flex,", "scale,"})
    void translatesTheTier(String asked, @Nullable String written) {
        EncodedRequest encoded = encode(r -> r.serviceTier = asked);
        assertThat(body(encoded).path("service_tier").stringValue(""))
                .isEqualTo(written == null ? "" : written);
        assertThat(encoded.warnings().isEmpty()).isEqualTo(written != null);
    }

    @Test
    void namesTheUser() {
        assertThat(body(r -> r.user = "u1").path("metadata"))
                .isEqualTo(Json.parse("{\"user_id\":\"u1\"}"));
    }

    @Test
    void dropsAndRefusesMembersOfOtherDialects() {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.extra.put("store", Raw.of("true"));
                            r.extra.put("modalities", Raw.of("[\"text\"]"));
                            r.extra.put("background", Raw.of("false"));
                            r.extra.put("odd,näme", Raw.of("1"));
                        });
        assertThat(encoded.warnings())
                .containsExactly(
                        "dropped=store",
                        "dropped=modalities",
                        "dropped=background",
                        "dropped=odd_n_me");
        assertThat(body(encoded).propertyNames())
                .containsExactly("model", "max_tokens", "messages");
        refuses("n", r -> r.choices = 2);
        refuses("modalities", r -> r.extra.put("modalities", Raw.of("[\"text\",\"audio\"]")));
        refuses("audio", r -> r.extra.put("audio", Raw.of("{}")));
        refuses("web_search_options", r -> r.extra.put("web_search_options", Raw.of("{}")));
        refuses("previous_response_id", r -> r.extra.put("previous_response_id", Raw.of("\"x\"")));
        refuses("conversation", r -> r.extra.put("conversation", Raw.of("\"x\"")));
        refuses("background", r -> r.extra.put("background", Raw.of("true")));
    }

    // ---- the conversation ----

    @Test
    void writesInstructions() {
        JsonNode body =
                body(
                        r -> {
                            r.system.add(new Block.Text("a"));
                            r.system.add(new Block.Text(" "));
                            r.system.add(new Block.Text("b"));
                        });
        assertThat(body.path("system"))
                .isEqualTo(
                        Json.parse(
                                "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]"));
        EncodedRequest plain =
                encode(
                        without(Quirk.SYSTEM_PARTS),
                        r -> {
                            r.system.add(new Block.Text("a"));
                            r.system.add(new Block.Text("b"));
                        });
        assertThat(body(plain).path("system").stringValue()).isEqualTo("a\n\nb");
    }

    @Test
    void movesLaterInstructionsToTheFirst() {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.system.add(new Block.Text("first"));
                            r.messages.add(Message.of(Role.USER, "a"));
                            r.messages.add(Message.of(Role.SYSTEM, "second"));
                            r.messages.add(Message.of(Role.USER, "b"));
                        });
        assertThat(body(encoded).at("/system/1/text").stringValue()).isEqualTo("second");
        assertThat(body(encoded).path("messages").size()).isEqualTo(1);
        assertThat(encoded.warnings()).containsExactly("moved=system");
    }

    @Test
    void joinsTurnsOfOneRoleAndLeavesEmptyTextOut() {
        JsonNode messages =
                body(r -> {
                            r.messages.add(Message.of(Role.USER, "a"));
                            r.messages.add(Message.of(Role.ASSISTANT, ""));
                            r.messages.add(Message.of(Role.USER, "b"));
                            r.messages.add(
                                    new Message(Role.ASSISTANT, List.of(new Block.Refusal("no"))));
                            r.messages.add(Message.of(Role.ASSISTANT, "c"));
                            r.messages.add(Message.of(Role.USER, "d"));
                        })
                        .path("messages");
        assertThat(messages)
                .isEqualTo(
                        Json.parse(
                                """
                                [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                                 {"role":"assistant","content":[{"type":"text","text":"no"},{"type":"text","text":"c"}]},
                                 {"role":"user","content":[{"type":"text","text":"d"}]}]\
                                """));
    }

    @Test
    void beginsWithTheUser() {
        assertThat(
                        body(r -> {
                                    r.messages.add(Message.of(Role.ASSISTANT, "a"));
                                    r.messages.add(Message.of(Role.USER, "b"));
                                })
                                .at("/messages/0"))
                .isEqualTo(
                        Json.parse(
                                "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\".\"}]}"));
        assertThat(body(r -> r.messages.add(Message.of(Role.SYSTEM, "s"))).path("messages").size())
                .isEqualTo(1);
    }

    @Test
    void letsTheModelGoOnFromABeginning() {
        JsonNode messages =
                body(r -> {
                            r.messages.add(Message.of(Role.USER, "a"));
                            r.messages.add(Message.of(Role.ASSISTANT, "Sure:\n "));
                        })
                        .path("messages");
        assertThat(messages.at("/1/content/0/text").stringValue()).isEqualTo("Sure:");
    }

    @Test
    void putsResultsFirst() {
        JsonNode messages =
                body(r -> {
                            r.messages.add(Message.of(Role.USER, "q"));
                            r.messages.add(
                                    new Message(
                                            Role.ASSISTANT,
                                            List.of(call("c1", "f", "{}"), call("c2", "f", "{}"))));
                            r.messages.add(
                                    new Message(
                                            Role.USER,
                                            List.of(
                                                    result("c1", "1"),
                                                    new Block.Text("and"),
                                                    result("c2", ""))));
                        })
                        .path("messages");
        assertThat(messages.get(2))
                .isEqualTo(
                        Json.parse(
                                """
                                {"role":"user","content":[
                                 {"type":"tool_result","tool_use_id":"c1","content":"1"},
                                 {"type":"tool_result","tool_use_id":"c2"},
                                 {"type":"text","text":"and"}]}\
                                """));
    }

    @Test
    void answersCallsThatNobodyAnswered() {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.messages.add(Message.of(Role.USER, "q"));
                            r.messages.add(
                                    new Message(
                                            Role.ASSISTANT,
                                            List.of(call("c1", "f", "{}"), call("c2", "f", "{}"))));
                            r.messages.add(
                                    new Message(
                                            Role.USER,
                                            List.of(new Block.Text("x"), result("c2", "2"))));
                            r.messages.add(
                                    new Message(Role.ASSISTANT, List.of(call("c3", "f", "{}"))));
                        });
        JsonNode messages = body(encoded).path("messages");
        assertThat(messages.at("/2/content/0/tool_use_id").stringValue()).isEqualTo("c2");
        assertThat(messages.at("/2/content/1/tool_use_id").stringValue()).isEqualTo("c1");
        assertThat(messages.at("/2/content/1/is_error").booleanValue()).isTrue();
        assertThat(messages.at("/2/content/2/text").stringValue()).isEqualTo("x");
        assertThat(messages.at("/4/role").stringValue()).isEqualTo("user");
        assertThat(messages.at("/4/content/0/tool_use_id").stringValue()).isEqualTo("c3");
        assertThat(encoded.warnings()).containsExactly("emulated=tool_result");
    }

    // ---- content ----

    @Test
    void writesImages() {
        JsonNode content =
                messages(
                                new Block.Image(
                                        new Source.Base64("image/JPG", "AA=="), "auto", null),
                                new Block.Image(new Source.Url("https://x/y.png"), null, null),
                                new Block.Image(new Source.FileId("file_1"), null, null))
                        .at("/0/content");
        assertThat(content)
                .isEqualTo(
                        Json.parse(
                                """
                                [{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AA=="}},
                                 {"type":"image","source":{"type":"url","url":"https://x/y.png"}},
                                 {"type":"image","source":{"type":"file","file_id":"file_1"}}]\
                                """));
        EncodedRequest low =
                encode(
                        r ->
                                r.messages.add(
                                        new Message(
                                                Role.USER,
                                                List.of(
                                                        new Block.Image(
                                                                new Source.Url("u"),
                                                                "low",
                                                                null)))));
        assertThat(low.warnings()).containsExactly("dropped=detail");
    }

    @Test
    void writesDocuments() {
        String text = Base64.getEncoder().encodeToString("ä,b".getBytes(StandardCharsets.UTF_8));
        JsonNode content =
                messages(
                                new Block.Document(
                                        new Source.Base64("application/pdf", "JVBERi"),
                                        "a.pdf",
                                        null,
                                        false,
                                        null),
                                new Block.Document(
                                        new Source.Base64("text/csv", text),
                                        "a.csv",
                                        "c",
                                        true,
                                        null),
                                new Block.Document(
                                        new Source.PlainText("t"), null, null, false, null),
                                new Block.Document(
                                        new Source.Url("https://x/a.pdf"), null, null, false, null))
                        .at("/0/content");
        assertThat(content)
                .isEqualTo(
                        Json.parse(
                                """
                                [{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi"},"title":"a.pdf"},
                                 {"type":"document","source":{"type":"text","media_type":"text/plain","data":"ä,b"},"title":"a.csv","context":"c","citations":{"enabled":true}},
                                 {"type":"document","source":{"type":"text","media_type":"text/plain","data":"t"}},
                                 {"type":"document","source":{"type":"url","url":"https://x/a.pdf"}}]\
                                """));
    }

    @Test
    void refusesContentThatTheModelWouldNotGet() {
        refusesBlock(VENDOR, new Block.Audio("AA", "wav"));
        refusesBlock(VENDOR, new Block.Opaque("video", Raw.of("{}")));
        refusesBlock(VENDOR, new Block.Image(new Source.Base64("image/tiff", "AA"), null, null));
        refusesBlock(
                VENDOR,
                new Block.Document(
                        new Source.Base64("application/zip", "AA"), null, null, false, null));
        refusesBlock(
                VENDOR,
                new Block.Document(new Source.Base64("text/plain", "_%"), null, null, false, null));
        refusesBlock(without(Quirk.MEDIA), new Block.Image(new Source.Url("u"), null, null));
        refusesBlock(without(Quirk.IMAGE_URLS), new Block.Image(new Source.Url("u"), null, null));
        refusesBlock(
                VENDOR,
                new Block.ToolResult("x", List.of(new Block.Audio("AA", "wav")), false, null));
    }

    private static void refusesBlock(Quirks quirks, Block block) {
        Throwable thrown =
                catchThrowable(
                        () ->
                                encode(
                                        quirks,
                                        r ->
                                                r.messages.add(
                                                        new Message(Role.USER, List.of(block)))));
        assertThat(thrown).isInstanceOf(FailureException.class);
        assertThat(((FailureException) thrown).failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
        assertThat(((FailureException) thrown).failure().field()).contains("messages");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"b\": 1.0,\"a\":1e2}|{\"b\": 1.0,\"a\":1e2}",
                "``|{}",
                "` `|{}",
                "{\"a\":|{\"_raw\":\"{\\\"a\\\":\"}",
                "[1]|{\"_raw\":\"[1]\"}",
                "words|{\"_raw\":\"words\"}"
            })
    @Tag("R37")
    @Tag("R42")
    void writesArgumentsAsAnObject(String arguments, String input) {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.messages.add(Message.of(Role.USER, "q"));
                            r.messages.add(
                                    new Message(
                                            Role.ASSISTANT, List.of(call("c1", "f", arguments))));
                        });
        assertThat(Json.utf8(encoded.body())).contains("\"input\":" + input + "}");
    }

    @Test
    void writesIdsInLettersOfThisWire() {
        JsonNode messages =
                body(r -> {
                            r.messages.add(Message.of(Role.USER, "q"));
                            r.messages.add(
                                    new Message(Role.ASSISTANT, List.of(call("f:0", "f", "{}"))));
                            r.messages.add(new Message(Role.USER, List.of(result("f:0", "1"))));
                        })
                        .path("messages");
        String id = messages.at("/1/content/0/id").stringValue();
        assertThat(id).matches("call_[a-z2-7]{26}");
        assertThat(messages.at("/2/content/0/tool_use_id").stringValue()).isEqualTo(id);
    }

    @Test
    @Tag("R47")
    void keepsSealedThinkingAlone() {
        EncodedRequest encoded = history(VENDOR);
        assertThat(body(encoded).at("/messages/1/content"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"type":"thinking","thinking":"b","signature":"s"},
                                 {"type":"thinking","thinking":"","signature":"t"},
                                 {"type":"redacted_thinking","data":"r"},
                                 {"type":"text","text":"x"}]\
                                """));
        assertThat(encoded.warnings()).containsExactly("dropped=thinking");
        EncodedRequest lax = history(without(Quirk.THINKING_SIGNATURES));
        assertThat(body(lax).at("/messages/1/content").size()).isEqualTo(5);
    }

    private static EncodedRequest history(Quirks quirks) {
        return encode(
                quirks,
                r -> {
                    r.messages.add(Message.of(Role.USER, "q"));
                    r.messages.add(
                            new Message(
                                    Role.ASSISTANT,
                                    List.of(
                                            new Block.Thinking("a", ""),
                                            new Block.Thinking("b", "s"),
                                            new Block.Thinking("", "t"),
                                            new Block.Thinking("", ""),
                                            new Block.RedactedThinking("r"),
                                            new Block.Text("x"))));
                    r.messages.add(Message.of(Role.USER, "q"));
                });
    }

    @Test
    void dropsBreakpointsOfOtherVendorsCaches() {
        Raw cache = Raw.of("{\"mode\":\"explicit\"}");
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.messages.add(
                                    new Message(Role.USER, List.of(new Block.Text("a", cache))));
                            r.tools.add(new Tool.Function("f", null, null, null, cache));
                        });
        assertThat(encoded.warnings()).containsExactly("dropped=cache_control");
        assertThat(Json.utf8(encoded.body())).doesNotContain("cache_control", "explicit");
    }

    // ---- tools ----

    @Test
    void writesTools() {
        JsonNode tools =
                body(r -> {
                            r.tools.add(TOOL);
                            r.tools.add(new Tool.Function("g", null, null, true, null));
                            r.tools.add(new Tool.Function("h", null, Raw.of("{}"), false, null));
                            r.tools.add(
                                    new Tool.Function(
                                            "i",
                                            null,
                                            Raw.of(
                                                    "{ \"properties\":{\"a\":{\"type\":\"string\"}}}"),
                                            null,
                                            null));
                        })
                        .path("tools");
        assertThat(tools)
                .isEqualTo(
                        Json.parse(
                                """
                                [{"name":"f","description":"d","input_schema":{"type":"object"}},
                                 {"name":"g","input_schema":{"type":"object","properties":{}},"strict":true},
                                 {"name":"h","input_schema":{"type":"object","properties":{}}},
                                 {"name":"i","input_schema":{"type":"object","properties":{"a":{"type":"string"}}}}]\
                                """));
    }

    @Test
    void writesFreeTextToolsAsFunctions() {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.tools.add(
                                    new Tool.Custom("sql", "d", Raw.of("{\"type\":\"grammar\"}")));
                            r.messages.add(Message.of(Role.USER, "q"));
                            r.messages.add(
                                    new Message(
                                            Role.ASSISTANT,
                                            List.of(
                                                    new Block.ToolUse(
                                                            "c1",
                                                            "sql",
                                                            "select \"1\"",
                                                            true,
                                                            null))));
                        });
        assertThat(body(encoded).at("/tools/0"))
                .isEqualTo(
                        Json.parse(
                                """
                                {"name":"sql","description":"d","input_schema":{"type":"object",
                                 "properties":{"input":{"type":"string"}},"required":["input"]}}\
                                """));
        assertThat(body(encoded).at("/messages/1/content/0/input"))
                .isEqualTo(Json.parse("{\"input\":\"select \\\"1\\\"\"}"));
        assertThat(encoded.emulations().customTools()).containsExactly("sql");
        assertThat(encoded.warnings())
                .containsExactly("emulated=tool_result", "emulated=custom_tool", "dropped=format");
    }

    @Test
    void refusesToolsThatAnotherVendorRuns() {
        refuses(
                "tools",
                r -> r.tools.add(new Tool.Hosted("web_search", "web_search", Raw.of("{}"))));
    }

    @Test
    void writesEveryChoiceOfTools() {
        assertThat(choice(null, null)).isNull();
        assertThat(choice(new ToolChoice.Auto(), null)).isEqualTo("{\"type\":\"auto\"}");
        assertThat(choice(new ToolChoice.None(), null)).isEqualTo("{\"type\":\"none\"}");
        assertThat(choice(new ToolChoice.Required(), null)).isEqualTo("{\"type\":\"any\"}");
        assertThat(choice(new ToolChoice.Named("f"), true))
                .isEqualTo("{\"type\":\"tool\",\"name\":\"f\"}");
        assertThat(choice(null, false))
                .isEqualTo("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}");
        assertThat(choice(new ToolChoice.Required(), false))
                .isEqualTo("{\"type\":\"any\",\"disable_parallel_tool_use\":true}");
        assertThat(choice(new ToolChoice.None(), false)).isEqualTo("{\"type\":\"none\"}");
        assertThat(choice(new ToolChoice.Allowed(List.of("f"), true), null))
                .isEqualTo("{\"type\":\"any\"}");
        assertThat(choice(new ToolChoice.Allowed(List.of("f"), false), null))
                .isEqualTo("{\"type\":\"auto\"}");
        assertThat(body(r -> r.toolChoice = new ToolChoice.Required()).has("tool_choice"))
                .isFalse();
    }

    private static @Nullable String choice(
            @Nullable ToolChoice choice, @Nullable Boolean parallel) {
        JsonNode body =
                body(
                        r -> {
                            r.tools.add(TOOL);
                            r.toolChoice = choice;
                            r.parallelToolCalls = parallel;
                        });
        return body.has("tool_choice") ? body.path("tool_choice").toString() : null;
    }

    @Test
    void tellsOnlyTheAllowedTools() {
        JsonNode tools =
                body(r -> {
                            r.tools.add(TOOL);
                            r.tools.add(new Tool.Function("g", null, null, null, null));
                            r.toolChoice = new ToolChoice.Allowed(List.of("g"), true);
                        })
                        .path("tools");
        assertThat(tools.size()).isEqualTo(1);
        assertThat(tools.at("/0/name").stringValue()).isEqualTo("g");
    }

    @Test
    void leavesToolsOutWhereTheServerActsOnNoChoice() {
        EncodedRequest none =
                encode(
                        without(Quirk.TOOL_CHOICE),
                        r -> {
                            r.tools.add(TOOL);
                            r.toolChoice = new ToolChoice.None();
                        });
        assertThat(body(none).has("tools")).isFalse();
        EncodedRequest required =
                encode(
                        without(Quirk.TOOL_CHOICE),
                        r -> {
                            r.tools.add(TOOL);
                            r.toolChoice = new ToolChoice.Required();
                        });
        assertThat(required.warnings()).containsExactly("dropped=tool_choice");
    }

    @Test
    void replacesNamesThatThisWireDoesNotTake() {
        String longName = "n".repeat(129);
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.tools.add(new Tool.Function("my.tool", null, null, null, null));
                            r.tools.add(new Tool.Function(longName, null, null, null, null));
                            r.toolChoice = new ToolChoice.Named("my.tool");
                            r.messages.add(Message.of(Role.USER, "q"));
                            r.messages.add(
                                    new Message(
                                            Role.ASSISTANT, List.of(call("c1", "my.tool", "{}"))));
                        });
        JsonNode body = body(encoded);
        String name = body.at("/tools/0/name").stringValue();
        assertThat(name).matches("my_tool_[a-z2-7]{10}");
        assertThat(body.at("/tool_choice/name").stringValue()).isEqualTo(name);
        assertThat(body.at("/messages/1/content/0/name").stringValue()).isEqualTo(name);
        assertThat(body.at("/tools/1/name").stringValue()).hasSizeLessThanOrEqualTo(64);
        assertThat(encoded.emulations().toolNames())
                .containsEntry(name, "my.tool")
                .containsValue(longName)
                .hasSize(2);
    }

    // ---- structured output ----

    @Test
    void writesASchema() {
        ResponseFormat schema =
                new ResponseFormat.JsonSchema("n", null, Raw.of("{\"type\":\"object\"}"), true);
        assertThat(body(r -> r.responseFormat = schema).path("output_config"))
                .isEqualTo(
                        Json.parse(
                                "{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}"));
        EncodedRequest told =
                encode(without(Quirk.RESPONSE_FORMAT), r -> r.responseFormat = schema);
        assertThat(body(told).at("/system/0/text").stringValue()).contains("{\"type\":\"object\"}");
        assertThat(body(told).has("output_config")).isFalse();
        assertThat(told.warnings()).containsExactly("emulated=response_format");
    }

    @Test
    void asksForSomeObjectInWords() {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.system.add(new Block.Text("a"));
                            r.responseFormat = new ResponseFormat.JsonObject();
                        });
        assertThat(body(encoded).at("/system/1/text").stringValue()).contains("JSON object");
        assertThat(encoded.warnings()).containsExactly("emulated=response_format");
        assertThat(encode(r -> r.responseFormat = new ResponseFormat.PlainText()).warnings())
                .isEmpty();
    }

    // ---- thinking ----

    @ParameterizedTest
    @CsvSource({
        // effort, limit, whether it counts thinking, budget, limit written, clamped
        "MINIMAL,,true,1024,4096,false",
        "LOW,,true,2048,4096,false",
        "MEDIUM,,true,2048,4096,true",
        "HIGH,32000,true,16384,32000,false",
        "HIGH,32000,false,16384,48384,false",
        "MAX,100,false,32768,32868,false",
        "HIGH,16384,true,8192,16384,true",
        "LOW,1500,true,1024,1500,true",
        "LOW,1024,true,,1024,false"
    })
    void turnsEffortIntoABudget(
            Effort effort,
            @Nullable Long limit,
            boolean counts,
            @Nullable Long budget,
            long written,
            boolean clamped) {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.thinking = ThinkingConfig.effort(effort);
                            r.maxOutput = limit;
                            r.maxOutputCountsThinking = counts;
                        });
        JsonNode body = body(encoded);
        assertThat(body.path("max_tokens").longValue()).isEqualTo(written);
        if (budget == null) {
            assertThat(body.has("thinking")).isFalse();
            assertThat(encoded.warnings()).containsExactly("dropped=thinking");
        } else {
            assertThat(body.path("thinking"))
                    .isEqualTo(
                            Json.parse("{\"type\":\"enabled\",\"budget_tokens\":" + budget + "}"));
            assertThat(encoded.warnings().contains("clamped=thinking")).isEqualTo(clamped);
        }
    }

    @Test
    void turnsThinkingOff() {
        assertThat(body(r -> r.thinking = ThinkingConfig.effort(Effort.NONE)).path("thinking"))
                .isEqualTo(Json.parse("{\"type\":\"disabled\"}"));
    }

    @Test
    void drawsTokensTheUsualWayWhileThinking() {
        EncodedRequest encoded =
                encode(
                        r -> {
                            r.thinking = ThinkingConfig.budget(2000);
                            r.sampling = sampling(0.5, 0.5, 5L);
                        });
        assertThat(body(encoded).propertyNames())
                .containsExactly("model", "max_tokens", "messages", "thinking");
        assertThat(encoded.warnings())
                .containsExactly("dropped=temperature", "dropped=top_p", "dropped=top_k");
        EncodedRequest usual =
                encode(
                        r -> {
                            r.thinking = ThinkingConfig.budget(2000);
                            r.sampling = sampling(1.0, 1.0, null);
                        });
        assertThat(usual.warnings()).isEmpty();
    }

    @Test
    void doesNotThinkWhereACallIsDemanded() {
        for (ToolChoice demanded :
                List.of(
                        new ToolChoice.Required(),
                        new ToolChoice.Named("f"),
                        new ToolChoice.Allowed(List.of("f"), true))) {
            EncodedRequest encoded =
                    encode(
                            r -> {
                                r.tools.add(TOOL);
                                r.toolChoice = demanded;
                                r.thinking = ThinkingConfig.effort(Effort.LOW);
                            });
            assertThat(body(encoded).has("thinking")).isFalse();
            assertThat(encoded.warnings()).containsExactly("dropped=thinking");
        }
    }

    @Test
    void doesNotThinkBehindABeginningOrACallWithoutThinking() {
        EncodedRequest beginning =
                encode(
                        r -> {
                            r.thinking = ThinkingConfig.effort(Effort.LOW);
                            r.messages.add(Message.of(Role.USER, "q"));
                            r.messages.add(Message.of(Role.ASSISTANT, "a"));
                        });
        assertThat(beginning.warnings()).containsExactly("dropped=thinking");
        assertThat(body(loop(VENDOR, call("c1", "f", "{}"))).has("thinking")).isFalse();
        assertThat(
                        body(loop(VENDOR, new Block.Thinking("a", "s"), call("c1", "f", "{}")))
                                .has("thinking"))
                .isTrue();
        assertThat(
                        body(loop(without(Quirk.THINKING_SIGNATURES), call("c1", "f", "{}")))
                                .has("thinking"))
                .isTrue();
        assertThat(
                        body(loop(without(Quirk.REASONING_EFFORT), call("c1", "f", "{}")))
                                .has("thinking"))
                .isFalse();
    }

    private static EncodedRequest loop(Quirks quirks, Block... turn) {
        return encode(
                quirks,
                r -> {
                    r.thinking = ThinkingConfig.effort(Effort.LOW);
                    r.messages.add(Message.of(Role.USER, "q"));
                    r.messages.add(new Message(Role.ASSISTANT, List.of(turn)));
                    r.messages.add(new Message(Role.USER, List.of(result("c1", "1"))));
                });
    }

    @Test
    void passesAnAdaptiveThinkerOn() {
        JsonNode body =
                body(
                        r ->
                                r.thinking =
                                        new ThinkingConfig(
                                                ThinkingConfig.Mode.ADAPTIVE,
                                                0,
                                                Effort.HIGH,
                                                ThinkingConfig.Show.SUMMARIZED));
        assertThat(body.path("thinking"))
                .isEqualTo(Json.parse("{\"type\":\"adaptive\",\"display\":\"summarized\"}"));
        assertThat(body.path("output_config")).isEqualTo(Json.parse("{\"effort\":\"high\"}"));
    }

    // ---- within the dialect ----

    static List<String> requests() {
        return Requests.ALL;
    }

    @ParameterizedTest
    @MethodSource("requests")
    @Tag("R45")
    @Tag("R47")
    void writesARequestOfThisDialectAsItWas(String body) {
        Request request =
                Wire.DIALECT.decodeRequest(Call.of(body.getBytes(StandardCharsets.UTF_8)));
        Target target = new Target("claude", VENDOR, 9, request.stream());
        EncodedRequest encoded = Wire.DIALECT.encodeRequest(request, target);
        assertThat(Json.parse(encoded.body())).isEqualTo(Json.parse(body));
        assertThat(encoded.warnings()).isEmpty();
    }

    @Test
    void leavesUnknownMembersOutForAServerThatRefusesThem() {
        String body =
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"speed\":\"fast\"}";
        Request request =
                Wire.DIALECT.decodeRequest(Call.of(body.getBytes(StandardCharsets.UTF_8)));
        EncodedRequest encoded =
                Wire.DIALECT.encodeRequest(request, target(without(Quirk.UNKNOWN_PARAMETERS)));
        assertThat(encoded.warnings()).containsExactly("dropped=speed");
        assertThat(body(encoded).has("speed")).isFalse();
    }

    // ---- counting ----

    @Test
    void asksForACountWithoutWhatConcernsTheAnswer() {
        Request request =
                request(
                        r -> {
                            r.maxOutput = 5L;
                            r.stream = true;
                            r.sampling = sampling(0.5, null, null, "x");
                            r.user = "u";
                            r.tools.add(TOOL);
                            r.system.add(new Block.Text("s"));
                        });
        EncodedRequest encoded = Wire.DIALECT.encodeCountRequest(request, target(VENDOR));
        assertThat(body(encoded).propertyNames())
                .containsExactly("model", "system", "messages", "tools");
    }

    @Test
    void tellsWhatAServerSaysAgain() {
        Consumer<Request.Builder> begun =
                b ->
                        b.messages.addAll(
                                List.of(
                                        Message.of(Role.USER, "Who are you?"),
                                        Message.of(Role.ASSISTANT, "I am")));
        Quirks llamaCpp = KnownServers.find("anthropic", KnownServers.LLAMA_CPP).orElseThrow();
        assertThat(encode(llamaCpp, begun).emulations().begun()).isEqualTo("I am");
        assertThat(encode(begun).emulations().isNone()).isTrue();
    }
}
