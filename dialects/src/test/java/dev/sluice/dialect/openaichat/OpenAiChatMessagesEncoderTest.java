package dev.sluice.dialect.openaichat;

import static dev.sluice.dialect.openaichat.Encoding.CACHE;
import static dev.sluice.dialect.openaichat.Encoding.FOREIGN;
import static dev.sluice.dialect.openaichat.Encoding.assistant;
import static dev.sluice.dialect.openaichat.Encoding.body;
import static dev.sluice.dialect.openaichat.Encoding.call;
import static dev.sluice.dialect.openaichat.Encoding.conversation;
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
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.function.Consumer;

/** Conversations of other dialects, and of this one for servers that differ from it. */
class OpenAiChatMessagesEncoderTest {
    @Nested
    class Messages {
        @Test
        void ofTheSystemAreOneStringForServersThatTakeNoParts() {
            Consumer<Request.Builder> fill =
                    b -> {
                        b.system.add(new Block.Text("One.", CACHE));
                        b.system.add(new Block.Text("Two."));
                    };
            assertThat(messages(encode(FOREIGN, server("vllm"), fill)))
                    .startsWith("[{\"role\":\"system\",\"content\":\"One.\\n\\nTwo.\"}");
            EncodedRequest parts = encode(FOREIGN, openai(), fill);
            assertThat(messages(parts))
                    .startsWith(
                            "[{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"One.\"},"
                                + "{\"type\":\"text\",\"text\":\"Two.\"}]}");
            assertThat(parts.warnings()).containsExactly("dropped=cache_control");
        }

        @Test
        void ofTheSystemStayWhereTheyStand() {
            Message middle = Message.of(Role.SYSTEM, "Now in French.");
            assertThat(
                            messages(
                                    conversation(
                                            openai(),
                                            Message.of(Role.USER, "a"),
                                            middle,
                                            Message.of(Role.USER, "b"))))
                    .isEqualTo(
                            "[{\"role\":\"user\",\"content\":\"a\"},"
                                    + "{\"role\":\"system\",\"content\":\"Now in French.\"},"
                                    + "{\"role\":\"user\",\"content\":\"b\"}]");
        }

        @Test
        void ofToolsStandBeforeTheRestOfTheTurn() {
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(call("c1", "f", ""), call("c2", "g", "{\"x\": 1.0}")),
                            user(
                                    new Block.Text("and?"),
                                    result("c1", false, new Block.Text("one")),
                                    result("c2", true, new Block.Text("two"))));
            assertThat(messages(encoded))
                    .isEqualTo(
                            "[{\"role\":\"user\",\"content\":\"a\"},"
                                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                                + "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{\\\"x\\\":"
                                + " 1.0}\"}}]},"
                                + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"one\"},{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"Error:"
                                + " two\"},{\"role\":\"user\",\"content\":\"and?\"}]");
        }

        @Test
        void ofToolsThatAreSpreadOverSeveralTurnsComeTogether() {
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(call("c1", "f", "{}"), call("c2", "g", "{}")),
                            user(result("c1", false), new Block.Text("x")),
                            user(result("c2", false)));
            assertThat(body(encoded).path("messages").findValuesAsString("role"))
                    .containsExactly("user", "assistant", "tool", "tool", "user");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "it broke|Error: it broke",
                    "{\"error\":1}|{\"error\":1}",
                    "[1]|[1]",
                    "{not json}|Error: {not json}"
                })
        void ofToolsSayThatTheyFailed(String text, String written) {
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(call("c1", "f", "{}")),
                            user(result("c1", true, new Block.Text(text))));
            assertThat(body(encoded).at("/messages/2/content").stringValue()).isEqualTo(written);
        }

        @Test
        void ofToolsGiveTheirImagesToTheUser() {
            Block image = new Block.Image(new Source.Base64("image/png", "iVBOR"), null, null);
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(call("c1", "f", "{}")),
                            user(result("c1", false, image), new Block.Text("look")));
            assertThat(body(encoded).at("/messages/2").toString())
                    .isEqualTo(
                            "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":"
                                    + "\"The result is in the next message.\"}");
            assertThat(body(encoded).at("/messages/3").toString())
                    .isEqualTo(
                            "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"This"
                                + " belongs to the result of tool call c1\"},"
                                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBOR\"}},"
                                + "{\"type\":\"text\",\"text\":\"look\"}]}");
            assertThat(encoded.warnings()).containsExactly("emulated=tool_result_content");
        }

        @Test
        void ofToolsThatAreMissingAreMadeUpFor() {
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(call("c1", "f", "{}"), call("c2", "g", "{}")),
                            user(result("c2", false, new Block.Text("2")), new Block.Text("b")));
            assertThat(body(encoded).at("/messages/2").toString())
                    .isEqualTo(
                            "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"Error: no"
                                    + " result\"}");
            assertThat(body(encoded).path("messages")).hasSize(5);
            assertThat(encoded.warnings()).containsExactly("emulated=tool_result");
        }

        @Test
        void ofTheUserInPiecesAreOneStringForServersThatTakeNoParts() {
            Message pieces = user(new Block.Text("a"), new Block.Text("b"));
            assertThat(messages(conversation(server("llama.cpp"), pieces)))
                    .isEqualTo("[{\"role\":\"user\",\"content\":\"a\\n\\nb\"}]");
            assertThat(messages(conversation(openai(), pieces)))
                    .isEqualTo(
                            "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                                    + "{\"type\":\"text\",\"text\":\"b\"}]}]");
        }

        @Test
        void ofTheAssistantInPiecesAreOneText() {
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(new Block.Text("as "), new Block.Text("said")));
            assertThat(body(encoded).at("/messages/1/content").stringValue()).isEqualTo("as said");
        }

        @Test
        void ofTheAssistantThatSayNothingAreLeftOut() {
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(new Block.Thinking("hm", "sig")),
                            Message.of(Role.USER, "b"));
            assertThat(body(encoded).path("messages")).hasSize(2);
        }

        @Test
        void keepARefusalWhereItHasAPlace() {
            Message refusal = assistant(new Block.Refusal("no"));
            EncodedRequest own =
                    encode(
                            "openai-chat",
                            openai(),
                            b -> {
                                b.messages.add(Message.of(Role.USER, "a"));
                                b.messages.add(refusal);
                            });
            assertThat(body(own).at("/messages/1").toString())
                    .isEqualTo("{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\"}");
            EncodedRequest foreign = conversation(openai(), Message.of(Role.USER, "a"), refusal);
            assertThat(body(foreign).at("/messages/1").toString())
                    .isEqualTo("{\"role\":\"assistant\",\"content\":\"no\"}");
        }

        @Test
        @Tag("R45")
        void dropWhatAnotherVendorsToolsDidAndSaySo() {
            EncodedRequest encoded =
                    conversation(
                            openai(),
                            Message.of(Role.USER, "a"),
                            assistant(
                                    new Block.Opaque("server_tool_use", Raw.of("{}")),
                                    new Block.Text("b")));
            assertThat(encoded.warnings()).containsExactly("dropped=server_tool_use");
        }

        @Test
        void refuseWhatTheModelWouldNotSee() {
            refuses(
                    "messages[0].content[1]",
                    () ->
                            conversation(
                                    openai(),
                                    user(
                                            new Block.Text("a"),
                                            new Block.Opaque("search_result", Raw.of("{}")))));
        }

        @Test
        void tellThatNamesAreLost() {
            EncodedRequest encoded =
                    new OpenAiChatDialect()
                            .encodeRequest(
                                    OpenAiChatRequestDecoder.decode(
                                            Chunks.utf8(
                                                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\","
                                                        + "\"name\":\"Ann\",\"content\":\"hi\"}]}")),
                                    server("vllm"));
            assertThat(encoded.warnings()).containsExactly("dropped=messages.name");
            assertThat(Chunks.utf8(encoded.body())).doesNotContain("Ann", "messages.");
        }

        @Test
        void keepCacheBreakpointsOfThisDialect() {
            Raw mark = Raw.of("{\"mode\":\"explicit\"}");
            Consumer<Request.Builder> fill = b -> b.messages.add(user(new Block.Text("a", mark)));
            assertThat(messages(encode("openai-chat", openai(), fill)))
                    .contains("\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}");
            EncodedRequest lost = encode("openai-chat", server("vllm"), fill);
            assertThat(lost.warnings()).containsExactly("dropped=prompt_cache_breakpoint");
        }
    }

    @Nested
    class Media {
        private EncodedRequest sent(Target target, Block block) {
            return conversation(target, user(block));
        }

        private JsonNode part(Target target, Block block) {
            return body(sent(target, block)).at("/messages/0/content/0");
        }

        private final Block image =
                new Block.Image(new Source.Base64("image/png", "iVBOR"), "low", CACHE);
        private final Block linked =
                new Block.Image(new Source.Url("https://example.org/a.png"), null, null);

        private static Block document(
                Source source, @Nullable String title, @Nullable String context) {
            return new Block.Document(source, title, context, false, null);
        }

        @Test
        void ofImages() {
            assertThat(part(openai(), image).toString())
                    .isEqualTo(
                            "{\"type\":\"image_url\",\"image_url\":{\"url\":"
                                    + "\"data:image/png;base64,iVBOR\",\"detail\":\"low\"}}");
            assertThat(part(openai(), linked).toString())
                    .isEqualTo(
                            "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.org/a.png\"}}");
        }

        @Test
        void areRefusedWhereAServerTakesTextOnly() {
            refuses("messages[0].content[0]", () -> sent(server("mlx-lm"), image));
            refuses("messages[0].content[0]", () -> sent(server("ollama"), linked));
        }

        @Test
        void thatWereUploadedElsewhereAreRefused() {
            refuses(
                    "messages[0].content[0]",
                    () -> sent(openai(), new Block.Image(new Source.FileId("f"), null, null)));
            refuses(
                    "messages[0].content[0]",
                    () -> sent(openai(), document(new Source.FileId("f"), "t", null)));
        }

        @Test
        void ofPdfDocuments() {
            assertThat(
                            part(
                                            openai(),
                                            document(
                                                    new Source.Base64(
                                                            "application/pdf", "JVBERi0="),
                                                    "Report",
                                                    null))
                                    .toString())
                    .isEqualTo(
                            "{\"type\":\"file\",\"file\":{\"filename\":\"Report.pdf\",\"file_data\":"
                                + "\"data:application/pdf;base64,JVBERi0=\"}}");
        }

        @Test
        void ofTextDocumentsAreTextUnderATitle() {
            assertThat(
                            messages(
                                    sent(
                                            openai(),
                                            document(
                                                    new Source.PlainText("body"), "T", "context"))))
                    .isEqualTo(
                            "[{\"role\":\"user\",\"content\":\"Document: T\\n"
                                    + "context\\n"
                                    + "\\n"
                                    + "body\"}]");
            assertThat(
                            messages(
                                    sent(
                                            server("mlx-lm"),
                                            document(
                                                    new Source.Base64("text/plain", "Ym9keQ=="),
                                                    null,
                                                    null))))
                    .isEqualTo("[{\"role\":\"user\",\"content\":\"body\"}]");
        }

        @Test
        void atAddressesThatNobodyFetchesAreRefused() {
            refuses(
                    "messages[0].content[0]",
                    () ->
                            sent(
                                    openai(),
                                    document(
                                            new Source.Url("https://example.org/a.pdf"),
                                            null,
                                            null)));
        }

        @Test
        void loseTheirCitationsAndSaySo() {
            EncodedRequest encoded =
                    sent(
                            openai(),
                            new Block.Document(
                                    new Source.PlainText("body"), null, null, true, CACHE));
            assertThat(encoded.warnings())
                    .containsExactlyInAnyOrder("dropped=citations", "dropped=cache_control");
        }

        @Test
        void ofSound() {
            assertThat(part(openai(), new Block.Audio("UklGRg==", "wav")).toString())
                    .isEqualTo(
                            "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"UklGRg==\",\"format\":\"wav\"}}");
        }
    }
}
