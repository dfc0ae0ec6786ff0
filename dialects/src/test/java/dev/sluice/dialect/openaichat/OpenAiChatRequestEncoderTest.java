package dev.sluice.dialect.openaichat;

import static dev.sluice.dialect.openaichat.Encoding.FOREIGN;
import static dev.sluice.dialect.openaichat.Encoding.assistant;
import static dev.sluice.dialect.openaichat.Encoding.body;
import static dev.sluice.dialect.openaichat.Encoding.conversation;
import static dev.sluice.dialect.openaichat.Encoding.encode;
import static dev.sluice.dialect.openaichat.Encoding.foreign;
import static dev.sluice.dialect.openaichat.Encoding.messages;
import static dev.sluice.dialect.openaichat.Encoding.openai;
import static dev.sluice.dialect.openaichat.Encoding.refuses;
import static dev.sluice.dialect.openaichat.Encoding.sampling;
import static dev.sluice.dialect.openaichat.Encoding.server;
import static dev.sluice.dialect.openaichat.Encoding.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Parameters of other dialects, and of this one for servers that differ from it. */
class OpenAiChatRequestEncoderTest {
    @Nested
    class Parameters {
        @Test
        void ofAnotherDialect() {
            EncodedRequest encoded =
                    encode(
                            FOREIGN,
                            openai(),
                            b -> {
                                b.maxOutput = 100L;
                                b.sampling = sampling(0.5, 0.9, 40L, List.of("END"));
                                b.user = "u";
                                b.serviceTier = "standard_only";
                                b.parallelToolCalls = false;
                                b.tools.add(new Tool.Function("f", null, null, null, null));
                                b.toolChoice = new ToolChoice.Auto();
                            });
            assertThat(Chunks.utf8(encoded.body()))
                    .isEqualTo(
                            "{\"model\":\"m2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],"
                                + "\"tool_choice\":\"auto\",\"parallel_tool_calls\":false,"
                                + "\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                                + "\"max_completion_tokens\":100,\"temperature\":0.5,\"top_p\":0.9,"
                                + "\"stop\":[\"END\"],\"user\":\"u\",\"service_tier\":\"default\"}");
            assertThat(encoded.warnings()).containsExactly("dropped=top_k");
            assertThat(encoded.emulations().isNone()).isTrue();
        }

        @Test
        void askForNoStreamWhereNoneIsWanted() {
            Target whole = new Target("m2", Quirks.vendor("openai"), 1, false);
            JsonNode body = body(encode(FOREIGN, whole, b -> {}));
            assertThat(body.has("stream")).isFalse();
            assertThat(body.has("stream_options")).isFalse();
        }

        @Test
        void useTheOldNameOfTheLimitForServersThatKnowNoOther() {
            JsonNode body = body(encode(FOREIGN, server("ollama"), b -> b.maxOutput = 9L));
            assertThat(body.path("max_tokens").asInt()).isEqualTo(9);
            assertThat(body.has("max_completion_tokens")).isFalse();
        }

        @Test
        void keepTheNameOfTheLimitThatTheClientUsed() {
            JsonNode body =
                    body(
                            encode(
                                    "openai-chat",
                                    openai(),
                                    b -> {
                                        b.maxOutput = 9L;
                                        b.maxOutputCountsThinking = false;
                                    }));
            assertThat(body.path("max_tokens").asInt()).isEqualTo(9);
        }

        @Test
        void setALimitWhereTheServersOwnIsSmall() {
            assertThat(body(encode(FOREIGN, server("mlx-lm"), b -> {})).path("max_tokens").asInt())
                    .isEqualTo(4096);
            assertThat(body(encode(FOREIGN, server("vllm"), b -> {})).has("max_tokens")).isFalse();
        }

        @Test
        void ofExtendedSamplingGoToServersThatTakeThem() {
            JsonNode body =
                    body(
                            encode(
                                    FOREIGN,
                                    server("vllm"),
                                    b -> b.sampling = sampling(null, null, 40L, List.of())));
            assertThat(body.path("top_k").asInt()).isEqualTo(40);
        }

        @Test
        void areOnlyThoseThatAServerTakesWhichDropsTheConnectionOtherwise() {
            EncodedRequest encoded =
                    new OpenAiChatDialect()
                            .encodeRequest(
                                    OpenAiChatRequestDecoder.decode(
                                            Chunks.utf8(
                                                    """
                                                    {"model":"m","messages":[{"role":"user","content":"hi"}],
                                                     "user":"u","service_tier":"flex","seed":7,"logprobs":true,
                                                     "top_logprobs":20,"parallel_tool_calls":false,
                                                     "reasoning_effort":"low","metadata":{},"top_k":3,
                                                     "chat_template_kwargs":{"enable_thinking":false},
                                                     "stream_options":{"include_usage":true,"x":1},"stream":true}
                                                    """)),
                                    server("mlx-lm"));
            assertThat(Chunks.utf8(encoded.body()))
                    .isEqualTo(
                            "{\"model\":\"m2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                                + "\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                                + "\"max_tokens\":4096,\"top_k\":3,\"seed\":7,\"logprobs\":true,"
                                + "\"top_logprobs\":11,\"chat_template_kwargs\":"
                                + "{\"enable_thinking\":false}}");
            assertThat(encoded.warnings())
                    .containsExactlyInAnyOrder(
                            "dropped=stream_options",
                            "clamped=top_logprobs",
                            "dropped=reasoning_effort",
                            "dropped=user",
                            "dropped=service_tier",
                            "dropped=metadata");
        }

        @Test
        void ofThisDialectThatAreNotKnownGoThrough() {
            EncodedRequest encoded =
                    new OpenAiChatDialect()
                            .encodeRequest(
                                    OpenAiChatRequestDecoder.decode(
                                            Chunks.utf8(Requests.PARAMETERS)),
                                    openai());
            assertThat(Chunks.utf8(encoded.body()))
                    .contains("\"future_parameter\":{\"a\":[1.0,2e2,null]}")
                    .contains("\"maximum\":1.0e3")
                    .contains("{\"type\":\"web_search_preview\",\"search_context_size\":\"low\"}");
            assertThat(encoded.warnings()).isEmpty();
        }

        @Test
        void ofOtherDialectsThatAreNotKnownAreDropped() {
            EncodedRequest encoded =
                    encode(
                            FOREIGN,
                            openai(),
                            b -> {
                                b.extra.put("inference_geo", Raw.of("\"eu\""));
                                b.extra.put("odd name\n", Raw.of("1"));
                            });
            assertThat(encoded.warnings())
                    .containsExactly("dropped=inference_geo", "dropped=odd?name?");
            assertThat(body(encoded).has("inference_geo")).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"previous_response_id", "conversation", "mcp_servers", "container"})
        void withoutWhichTheRequestWouldMeanSomethingElseAreRefused(String name) {
            refuses(name, () -> encode(FOREIGN, openai(), b -> b.extra.put(name, Raw.of("\"x\""))));
        }

        @Test
        void thatSayNoToWhatIsNotThereAreDropped() {
            EncodedRequest encoded =
                    encode(FOREIGN, openai(), b -> b.extra.put("background", Raw.of("false")));
            assertThat(encoded.warnings()).containsExactly("dropped=background");
        }

        @Test
        void doNotAskForSeveralAnswers() {
            refuses("n", () -> encode("openai-chat", openai(), b -> b.choices = 2));
        }

        @Test
        @Tag("R57")
        void emulateStopsOfWhichThereAreTooMany() {
            List<String> stops = List.of("a", "b", "c", "d", "e");
            EncodedRequest many =
                    encode(FOREIGN, openai(), b -> b.sampling = sampling(null, null, null, stops));
            assertThat(body(many).has("stop")).isFalse();
            assertThat(many.emulations().stopSequences()).isEqualTo(stops);
            assertThat(many.warnings()).containsExactly("emulated=stop");
            EncodedRequest taken =
                    encode(
                            FOREIGN,
                            server("vllm"),
                            b -> b.sampling = sampling(null, null, null, stops));
            assertThat(body(taken).path("stop")).hasSize(5);
            assertThat(taken.emulations().isNone()).isTrue();
        }

        @Test
        void tellWhatAServerSaysAgain() {
            Message asked = user(new Block.Text("Who are you?"));
            Message begun = assistant(new Block.Text("I am"));
            EncodedRequest encoded = conversation(server("llama.cpp"), asked, begun);
            assertThat(encoded.emulations().begun()).isEqualTo("I am");
            assertThat(encoded.warnings()).isEmpty();
            assertThat(conversation(server("llama.cpp"), asked).emulations().isNone()).isTrue();
            assertThat(conversation(server("vllm"), asked, begun).emulations().isNone()).isTrue();
            EncodedRequest own =
                    encode(
                            "openai-chat",
                            server("llama.cpp"),
                            b -> b.messages.addAll(List.of(asked, begun)));
            assertThat(own.emulations().isNone()).as("its own clients know it").isTrue();
        }

        @Test
        void shortenTheNameOfAUserThatIsTooLong() {
            String user = "user_" + "x".repeat(100);
            String written = foreign(b -> b.user = user).path("user").stringValue();
            assertThat(written).hasSize(64);
            assertThat(foreign(b -> b.user = user).path("user").stringValue()).isEqualTo(written);
        }

        @ParameterizedTest
        @CsvSource({
            "auto, auto",
            "standard_only, default",
            "default, default",
            "flex, flex",
            "priority, priority"
        })
        void nameTheServiceTier(String tier, String written) {
            assertThat(foreign(b -> b.serviceTier = tier).path("service_tier").stringValue())
                    .isEqualTo(written);
        }
    }

    @Nested
    class Thinking {
        private EncodedRequest encoded(ThinkingConfig thinking, Target target, String dialect) {
            return encode(dialect, target, b -> b.thinking = thinking);
        }

        @ParameterizedTest
        @CsvSource({
            "1024, low",
            "2048, low",
            "5000, low",
            "8192, medium",
            "16384, high",
            "24576, high",
            "32768, high",
            "100000, high",
        })
        void ofABudgetIsTheNearestEffortThatEveryModelKnows(long budget, String effort) {
            EncodedRequest encoded = encoded(ThinkingConfig.budget(budget), openai(), FOREIGN);
            assertThat(body(encoded).path("reasoning_effort").stringValue()).isEqualTo(effort);
        }

        @ParameterizedTest
        @CsvSource({
            "LOW, low",
            "MEDIUM, medium",
            "HIGH, high",
            "XHIGH, high",
            "MAX, high",
            "MINIMAL, low"
        })
        void staysAmongTheEffortsThatAServerKnows(Effort effort, String written) {
            EncodedRequest encoded =
                    encoded(ThinkingConfig.effort(effort), server("ollama"), FOREIGN);
            assertThat(body(encoded).path("reasoning_effort").stringValue()).isEqualTo(written);
        }

        @ParameterizedTest
        @ValueSource(strings = {"minimal", "low", "medium", "high", "xhigh", "max"})
        void thatWasAskedForByNameKeepsItsNameAtTheVendor(String word) {
            Effort effort = Effort.valueOf(word.toUpperCase(java.util.Locale.ROOT));
            EncodedRequest encoded = encoded(ThinkingConfig.effort(effort), openai(), FOREIGN);
            assertThat(body(encoded).path("reasoning_effort").stringValue()).isEqualTo(word);
            assertThat(encoded.warnings()).isEmpty();
        }

        @Test
        void ofAnotherDialectThatIsOffOrUnsaidIsNotMentioned() {
            assertThat(
                            body(encoded(ThinkingConfig.off(), openai(), FOREIGN))
                                    .has("reasoning_effort"))
                    .isFalse();
            ThinkingConfig adaptive =
                    new ThinkingConfig(
                            ThinkingConfig.Mode.ADAPTIVE,
                            0,
                            Effort.UNSAID,
                            ThinkingConfig.Show.UNSAID);
            assertThat(body(encoded(adaptive, openai(), FOREIGN)).has("reasoning_effort"))
                    .isFalse();
        }

        @Test
        void thatAClientOfThisDialectTurnedOffIsTurnedOff() {
            EncodedRequest encoded = encoded(ThinkingConfig.off(), openai(), "openai-chat");
            assertThat(body(encoded).path("reasoning_effort").stringValue()).isEqualTo("none");
        }

        @Test
        void isDroppedWhereNothingActsOnIt() {
            EncodedRequest encoded =
                    encoded(ThinkingConfig.budget(9000), server("llama.cpp"), FOREIGN);
            assertThat(encoded.warnings()).containsExactly("dropped=thinking");
        }

        @Test
        @Tag("R47")
        void ofEarlierTurnsIsLeftOut() {
            Message turn =
                    assistant(
                            new Block.Thinking("hm", "sig"),
                            new Block.RedactedThinking("AAAA"),
                            new Block.Text("ok"));
            EncodedRequest encoded = conversation(openai(), user(new Block.Text("a")), turn);
            assertThat(messages(encoded))
                    .isEqualTo(
                            "[{\"role\":\"user\",\"content\":\"a\"},"
                                    + "{\"role\":\"assistant\",\"content\":\"ok\"}]");
            assertThat(encoded.warnings()).containsExactly("dropped=thinking");
        }

        @Test
        void ofEarlierTurnsGoesBackToServersThatTakeIt() {
            Message turn = assistant(new Block.Thinking("hm", ""), new Block.Text("ok"));
            EncodedRequest encoded = conversation(server("vllm"), user(new Block.Text("a")), turn);
            assertThat(messages(encoded)).contains("\"reasoning_content\":\"hm\"");
            assertThat(encoded.warnings()).isEmpty();
        }
    }

    @Nested
    class Formats {
        private static final Raw SCHEMA = Raw.of("{\"type\":\"object\",\"properties\":{}}");

        @Test
        void withoutANameGetOne() {
            JsonNode body =
                    foreign(
                            b ->
                                    b.responseFormat =
                                            new ResponseFormat.JsonSchema("", null, SCHEMA, null));
            assertThat(body.path("response_format").toString())
                    .isEqualTo(
                            "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"response\","
                                + "\"schema\":{\"type\":\"object\",\"properties\":{}},\"strict\":false}}");
        }

        @Test
        void areWrittenAsTheyAre() {
            assertThat(
                            foreign(b -> b.responseFormat = new ResponseFormat.JsonObject())
                                    .at("/response_format/type")
                                    .stringValue())
                    .isEqualTo("json_object");
            assertThat(
                            foreign(b -> b.responseFormat = new ResponseFormat.PlainText())
                                    .at("/response_format/type")
                                    .stringValue())
                    .isEqualTo("text");
        }

        @Test
        void areToldInWordsWhereAServerDoesNotActOnThem() {
            EncodedRequest encoded =
                    encode(
                            FOREIGN,
                            server("mlx-lm"),
                            b -> {
                                b.system.add(new Block.Text("Be brief."));
                                b.responseFormat =
                                        new ResponseFormat.JsonSchema("n", null, SCHEMA, true);
                            });
            assertThat(body(encoded).has("response_format")).isFalse();
            assertThat(body(encoded).at("/messages/0/content").stringValue())
                    .startsWith("Be brief.\n\n")
                    .endsWith(SCHEMA.toString());
            assertThat(encoded.warnings()).containsExactly("emulated=response_format");
        }
    }
}
