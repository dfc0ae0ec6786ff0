package dev.sluice.dialect.openaichat;

import static dev.sluice.dialect.openaichat.Encoding.CACHE;
import static dev.sluice.dialect.openaichat.Encoding.FOREIGN;
import static dev.sluice.dialect.openaichat.Encoding.assistant;
import static dev.sluice.dialect.openaichat.Encoding.body;
import static dev.sluice.dialect.openaichat.Encoding.call;
import static dev.sluice.dialect.openaichat.Encoding.encode;
import static dev.sluice.dialect.openaichat.Encoding.foreign;
import static dev.sluice.dialect.openaichat.Encoding.messages;
import static dev.sluice.dialect.openaichat.Encoding.openai;
import static dev.sluice.dialect.openaichat.Encoding.refuses;
import static dev.sluice.dialect.openaichat.Encoding.result;
import static dev.sluice.dialect.openaichat.Encoding.server;
import static dev.sluice.dialect.openaichat.Encoding.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tools of other dialects, and of this one for servers that differ from it. */
class OpenAiChatToolsEncoderTest {
    private static final Raw OPEN = Raw.of("{\"type\":\"object\",\"properties\":{\"x\":{}}}");
    private static final Raw CLOSED =
            Raw.of(
                    "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"string\"}},"
                            + "\"required\":[\"x\"],\"additionalProperties\":false}");

    private static Tool.Function function(String name) {
        return new Tool.Function(name, null, null, null, null);
    }

    private JsonNode choice(ToolChoice choice) {
        return foreign(
                        b -> {
                            b.tools.add(function("f"));
                            b.tools.add(function("g"));
                            b.toolChoice = choice;
                        })
                .path("tool_choice");
    }

    @Test
    void areChosenInEveryForm() {
        assertThat(choice(new ToolChoice.Auto()).stringValue()).isEqualTo("auto");
        assertThat(choice(new ToolChoice.None()).stringValue()).isEqualTo("none");
        assertThat(choice(new ToolChoice.Required()).stringValue()).isEqualTo("required");
        assertThat(choice(new ToolChoice.Named("f")).toString())
                .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}");
        assertThat(choice(new ToolChoice.Allowed(List.of("f"), true)).toString())
                .isEqualTo(
                        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\","
                            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}");
    }

    @Test
    void areNotMentionedWhereThereAreNone() {
        JsonNode body =
                foreign(
                        b -> {
                            b.toolChoice = new ToolChoice.Auto();
                            b.parallelToolCalls = true;
                        });
        assertThat(body.has("tools")).isFalse();
        assertThat(body.has("tool_choice")).isFalse();
        assertThat(body.has("parallel_tool_calls")).isFalse();
    }

    private EncodedRequest chosenAt(String server, ToolChoice choice) {
        return encode(
                FOREIGN,
                server(server),
                b -> {
                    b.tools.add(function("f"));
                    b.tools.add(function("g"));
                    b.toolChoice = choice;
                });
    }

    @Test
    void areLeftOutWhereAServerCannotBeToldToUseNone() {
        EncodedRequest encoded = chosenAt("ollama", new ToolChoice.None());
        assertThat(body(encoded).has("tools")).isFalse();
        assertThat(encoded.warnings()).containsExactly("emulated=tool_choice");
    }

    @Test
    void areDemandedInWordsWhereAServerKnowsNoOtherWay() {
        EncodedRequest encoded = chosenAt("mlx-lm", new ToolChoice.Named("f"));
        assertThat(body(encoded).path("tools")).hasSize(1);
        assertThat(body(encoded).has("tool_choice")).isFalse();
        assertThat(messages(encoded)).startsWith("[{\"role\":\"system\"").contains("`f`");
        EncodedRequest any = chosenAt("mlx-lm", new ToolChoice.Required());
        assertThat(body(any).path("tools")).hasSize(2);
        assertThat(messages(any)).contains("at least one");
        assertThat(any.warnings()).containsExactly("emulated=tool_choice");
    }

    @Test
    void areNarrowedWhereAServerTakesNoNameAsChoice() {
        EncodedRequest encoded = chosenAt("llama.cpp", new ToolChoice.Named("g"));
        assertThat(body(encoded).path("tools")).hasSize(1);
        assertThat(body(encoded).path("tool_choice").stringValue()).isEqualTo("required");
        EncodedRequest some = chosenAt("vllm", new ToolChoice.Allowed(List.of("g"), false));
        assertThat(body(some).path("tools")).hasSize(1);
        assertThat(body(some).path("tool_choice").stringValue()).isEqualTo("auto");
    }

    @Test
    void tellTheirOwnOnesAlone() {
        assertThat(chosenAt("ollama", new ToolChoice.Auto()).warnings()).isEmpty();
        EncodedRequest serial =
                encode(
                        FOREIGN,
                        server("ollama"),
                        b -> {
                            b.tools.add(function("f"));
                            b.parallelToolCalls = false;
                        });
        assertThat(serial.warnings()).containsExactly("dropped=parallel_tool_calls");
    }

    @Test
    void ofAnotherVendorAreRefusedByName() {
        refuses(
                "tools[1]",
                () ->
                        encode(
                                FOREIGN,
                                openai(),
                                b -> {
                                    b.tools.add(function("f"));
                                    b.tools.add(
                                            new Tool.Hosted(
                                                    "web_search",
                                                    "web_search_20250305",
                                                    Raw.of("{}")));
                                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mcp__server__a_tool_with_a_name_that_is_longer_than_sixty_four_characters",
                "dotted.name",
                "ünï",
            })
    void getALegalNameAndKeepTheirOwn(String name) {
        EncodedRequest encoded =
                encode(
                        FOREIGN,
                        openai(),
                        b -> {
                            b.tools.add(function(name));
                            b.toolChoice = new ToolChoice.Named(name);
                            b.messages.add(user(new Block.Text("a")));
                            b.messages.add(assistant(call("c", name, "{}")));
                            b.messages.add(user(result("c", false, new Block.Text("1"))));
                        });
        String written = body(encoded).at("/tools/0/function/name").stringValue();
        assertThat(written).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(encoded.emulations().toolNames()).isEqualTo(Map.of(written, name));
        assertThat(body(encoded).at("/tool_choice/function/name").stringValue()).isEqualTo(written);
        assertThat(body(encoded).at("/messages/1/tool_calls/0/function/name").stringValue())
                .isEqualTo(written);
    }

    @Test
    void withNamesThatAreAlikeStayApart() {
        EncodedRequest encoded =
                encode(
                        FOREIGN,
                        openai(),
                        b -> {
                            b.tools.add(function("a.b"));
                            b.tools.add(function("a/b"));
                        });
        assertThat(encoded.emulations().toolNames()).hasSize(2).containsValues("a.b", "a/b");
    }

    @Test
    void ofThisDialectKeepTheirNames() {
        EncodedRequest encoded =
                encode("openai-chat", server("ollama"), b -> b.tools.add(function("a.b")));
        assertThat(body(encoded).at("/tools/0/function/name").stringValue()).isEqualTo("a.b");
    }

    @Test
    void areHeldToTheirSchemaWhereItsFormAllows() {
        JsonNode body =
                foreign(
                        b -> {
                            b.tools.add(new Tool.Function("f", "d", CLOSED, true, null));
                            b.tools.add(new Tool.Function("g", "d", OPEN, true, null));
                            b.tools.add(new Tool.Function("h", "d", OPEN, null, CACHE));
                        });
        assertThat(body.at("/tools/0/function/strict").asBoolean()).isTrue();
        assertThat(body.at("/tools/1/function").has("strict")).isFalse();
        assertThat(body.at("/tools/2/function").has("strict")).isFalse();
    }

    @Test
    void ofFreeTextAreFunctionsWhereAServerHasNone() {
        Consumer<Request.Builder> fill =
                b -> {
                    b.tools.add(new Tool.Custom("sql", "d", Raw.of("{\"type\":\"text\"}")));
                    b.toolChoice = new ToolChoice.Named("sql");
                    b.messages.add(user(new Block.Text("a")));
                    b.messages.add(assistant(new Block.ToolUse("c", "sql", "a \"b\"", true, null)));
                    b.messages.add(user(result("c", false, new Block.Text("1"))));
                };
        EncodedRequest emulated = encode("openai-chat", server("vllm"), fill);
        assertThat(emulated.emulations().customTools()).containsExactly("sql");
        assertThat(body(emulated).at("/tools/0/type").stringValue()).isEqualTo("function");
        assertThat(body(emulated).at("/messages/1/tool_calls/0/function/arguments").stringValue())
                .isEqualTo("{\"input\":\"a \\\"b\\\"\"}");
        assertThat(body(emulated).at("/tool_choice/type").stringValue()).isEqualTo("function");
        EncodedRequest own = encode("openai-chat", openai(), fill);
        assertThat(own.emulations().isNone()).isTrue();
        assertThat(body(own).at("/tools/0").toString())
                .isEqualTo(
                        "{\"type\":\"custom\",\"custom\":{\"name\":\"sql\",\"description\":\"d\","
                                + "\"format\":{\"type\":\"text\"}}}");
        assertThat(body(own).at("/messages/1/tool_calls/0").toString())
                .isEqualTo(
                        "{\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"sql\","
                                + "\"input\":\"a \\\"b\\\"\"}}");
        assertThat(body(own).at("/tool_choice").toString())
                .isEqualTo("{\"type\":\"custom\",\"custom\":{\"name\":\"sql\"}}");
    }
}
