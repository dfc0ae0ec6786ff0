package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.event.StopReason;
import dev.sluice.dialect.KnownServers;
import dev.sluice.dialect.bedrock.AwsCredentials;
import dev.sluice.dialect.bedrock.SigV4;
import dev.sluice.dialect.bedrock.SigV4Check;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.gateway.upstream.Signing;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.BedrockFrames;
import dev.sluice.testkit.stream.BedrockFrames.BedrockFrame;
import dev.sluice.testkit.stream.BedrockStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Clients and servers of Bedrock's Converse through a real gateway. */
class BedrockIT {
    private static final String EVENT_STREAM = "application/vnd.amazon.eventstream";
    private static final String MODEL = "/model/eu.anthropic.claude-v1%3A0";
    private static final String STREAMED = MODEL + "/converse-stream";
    private static final String WHOLE = MODEL + "/converse";
    private static final String ASK =
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}";
    private static final String ANSWER =
            "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"Hello\"}]}},"
                    + "\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":3,\"outputTokens\":1,"
                    + "\"totalTokens\":4},\"metrics\":{\"latencyMs\":7}}";
    private static final Duration WAIT = Duration.ofSeconds(10);

    /** A gateway before one upstream, for one test. */
    private record Way(FakeUpstream upstream, TestGateway gateway) implements AutoCloseable {
        /** Before an upstream of {@code dialect}. */
        static Way to(String dialect, UnaryOperator<TestGateway.Setup> described) {
            FakeUpstream upstream = FakeUpstream.start();
            TestGateway.Setup setup = described.apply(TestGateway.setup());
            URI at = upstream.uri();
            return switch (dialect) {
                case "openai-chat" -> new Way(upstream, setup.openai(at).start());
                case "anthropic" -> new Way(upstream, setup.anthropic(at).start());
                default ->
                        new Way(
                                upstream,
                                setup.upstream("bedrock", KnownServers.BEDROCK, at).start());
            };
        }

        static Way toBedrock(Script script) {
            Way way = to("bedrock", setup -> setup);
            way.upstream.otherwise(script);
            return way;
        }

        RawClient connect() {
            return RawClient.connect(gateway.port());
        }

        @Override
        public void close() {
            gateway.close();
            upstream.close();
        }
    }

    private static Script stream(byte[]... frames) {
        return open(joined(frames));
    }

    /** A stream that begins so. */
    private static Script open(byte[] first) {
        return Script.status(200)
                .header("content-type", EVENT_STREAM)
                .header("x-amzn-requestid", "00000000-0000-0000-0000-000000000000")
                .send(first);
    }

    private static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private static byte[] start() {
        return BedrockFrames.event("messageStart", "{\"role\":\"assistant\"}");
    }

    private static byte[] text(String text) {
        return BedrockFrames.event(
                "contentBlockDelta",
                "{\"contentBlockIndex\":0,\"delta\":{\"text\":" + Json.quote(text) + "}}");
    }

    private static byte[] end() {
        return joined(
                BedrockFrames.event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                BedrockFrames.event("messageStop", "{\"stopReason\":\"end_turn\"}"),
                BedrockFrames.event(
                        "metadata",
                        "{\"usage\":{\"inputTokens\":3,\"outputTokens\":1,\"totalTokens\":4},"
                                + "\"metrics\":{\"latencyMs\":1}}"));
    }

    static List<Golden> goldens() {
        return Goldens.bedrock();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    @Tag("R3")
    @Tag("R10")
    void relaysEveryByteOfAStream(Golden golden) {
        try (Way way = Way.to("bedrock", setup -> setup);
                RawClient client = way.connect()) {
            way.upstream.otherwise(
                    Script.status(200)
                            .header("content-type", EVENT_STREAM)
                            .send(Splits.sized(golden.bytes(), 7)));
            RawResponse response = client.post(STREAMED, ASK);
            assertThat(response.header("content-type")).contains(EVENT_STREAM);
            assertThat(response.header("x-amzn-requestid")).isPresent();
            assertThat(response.body()).isEqualTo(golden.bytes());
            UpstreamRequest asked = way.upstream.request();
            assertThat(asked.target()).isEqualTo(STREAMED);
            assertThat(asked.text()).isEqualTo(ASK);
            assertThat(asked.header("accept")).contains(EVENT_STREAM);
            ExchangeRecord record = way.gateway.nextRecord();
            assertThat(record.relayed()).isTrue();
            assertThat(record.outcome())
                    .isEqualTo(golden.endsInError() ? Outcome.FAILED : Outcome.COMPLETE);
        }
    }

    @Test
    void relaysAnUnstreamedAnswer() {
        try (Way way = Way.toBedrock(Script.json(200, ANSWER));
                RawClient client = way.connect()) {
            assertThat(client.post(WHOLE, ASK).text()).isEqualTo(ANSWER);
            assertThat(way.upstream.request().target()).isEqualTo(WHOLE);
            assertThat(way.gateway.nextRecord().stopReason()).contains(StopReason.END_TURN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.amazon.nova-lite-v1%3A0",
                "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.amazon.nova-lite-v1:0",
            })
    void takesNamesInEitherEncoding(String model) {
        try (Way way = Way.toBedrock(Script.json(200, ANSWER));
                RawClient client = way.connect()) {
            assertThat(client.post("/model/" + model + "/converse", ASK).status()).isEqualTo(200);
            assertThat(way.upstream.request().target())
                    .isEqualTo(
                            "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.amazon.nova-lite-v1%3A0/converse");
            assertThat(way.gateway.nextRecord().model())
                    .isEqualTo(
                            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.amazon.nova-lite-v1:0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "anthropic"})
    @Tag("R12")
    @Tag("R40")
    void translatesForServersOfOthers(String dialect) {
        Tongue spoken = dialect.equals("anthropic") ? Tongue.MESSAGES : Tongue.CHAT;
        try (Way way = Way.to(dialect, setup -> setup);
                RawClient client = way.connect()) {
            way.upstream.otherwise(request -> spoken.answer(request, "Grüße 🎉"));
            RawResponse streamed = client.post(STREAMED, ASK);
            assertThat(streamed.header("content-type")).contains(EVENT_STREAM);
            FoldedAnswer answer = BedrockStreamValidator.validate(streamed.body());
            assertThat(answer.isComplete()).isTrue();
            assertThat(answer.text()).isEqualTo("Grüße 🎉");
            assertThat(answer.stopReason()).contains("end_turn");
            assertThat(answer.usage().orElseThrow().path("totalTokens").asInt()).isEqualTo(15);
            assertThat(way.upstream.request().json().path("model").stringValue())
                    .isEqualTo("eu.anthropic.claude-v1:0");
            JsonNode whole = client.post(WHOLE, ASK).json();
            assertThat(whole.at("/output/message/content/0/text").stringValue())
                    .isEqualTo("Grüße 🎉");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = EnumSource.Mode.EXCLUDE, names = "BEDROCK")
    @Tag("R12")
    void translatesForClientsOfOthers(Tongue client) {
        try (Way way = Way.toBedrock(stream(start(), text("Grü"), text("ße 🎉"), end()));
                RawClient connection = way.connect()) {
            RawResponse response = connection.exchange(client.request());
            FoldedAnswer answer = client.judge(response.body());
            assertThat(answer.isComplete()).isTrue();
            assertThat(answer.text()).isEqualTo("Grüße 🎉");
            UpstreamRequest asked = way.upstream.request();
            assertThat(asked.path()).startsWith("/model/").endsWith("/converse-stream");
            assertThat(asked.json().at("/messages/0/content/0/text").stringValue()).isEqualTo("hi");
            assertThat(asked.header("authorization")).contains("Bearer upstream-key");
        }
    }

    // ---- failures ----

    @Test
    @Tag("R52")
    @Tag("R56")
    void tellsAnExceptionBeforeContentByItsStatus() {
        byte[] throttled = BedrockFrames.exception("throttlingException", "slow down");
        try (Way way = Way.toBedrock(stream(start(), throttled));
                RawClient client = way.connect()) {
            RawResponse response = client.post(STREAMED, ASK);
            assertThat(response.status()).isEqualTo(429);
            assertThat(response.header("x-amzn-errortype")).contains("ThrottlingException");
            assertThat(response.json().path("message").stringValue()).isEqualTo("slow down");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = EnumSource.Mode.EXCLUDE, names = "BEDROCK")
    @Tag("R10")
    @Tag("R52")
    void tellsAnExceptionInTheMiddleToClientsOfOthers(Tongue client) {
        byte[] broken = BedrockFrames.exception("modelStreamErrorException", "it broke");
        try (Way way = Way.toBedrock(stream(start(), text("Hel"), broken));
                RawClient connection = way.connect()) {
            FoldedAnswer answer = client.judge(connection.exchange(client.request()).body());
            assertThat(answer.isComplete()).isFalse();
            assertThat(answer.text()).isEqualTo("Hel");
            assertThat(answer.error().orElseThrow().toString()).contains("it broke");
        }
    }

    @Test
    @Tag("R10")
    @Tag("R50")
    void endsADamagedOrCutStreamByAnException() {
        byte[] damaged = text("lo");
        damaged[damaged.length - 1] ^= 1;
        byte[] cut = Arrays.copyOf(text("lo"), 20);
        for (byte[] last : List.of(damaged, cut, new byte[0])) {
            try (Way way = Way.toBedrock(stream(start(), text("Hel"), last));
                    RawClient client = way.connect()) {
                FoldedAnswer answer =
                        BedrockStreamValidator.validate(client.post(STREAMED, ASK).body());
                assertThat(answer.isComplete()).isFalse();
                assertThat(answer.error()).isPresent();
                assertThat(way.gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
            }
        }
    }

    @Test
    @Tag("R55")
    void tellsAnUpstreamsErrorAndItsOwn() {
        Script denied =
                Script.status(400)
                        .header("content-type", "application/json")
                        .header("x-amzn-errortype", "ValidationException:http://internal/")
                        .send("{\"message\":\"bad thing\"}");
        try (Way way = Way.toBedrock(denied);
                RawClient client = way.connect()) {
            RawResponse response = client.post(WHOLE, ASK);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.header("x-amzn-errortype")).contains("ValidationException");
            assertThat(response.json().path("message").stringValue()).isEqualTo("bad thing");
            RawResponse own = client.post(WHOLE, "{\"messages\":[{\"role\":\"user\"}]}");
            assertThat(own.status()).isEqualTo(400);
            assertThat(own.json().path("message").stringValue())
                    .contains("messages[0].content is required");
            assertThat(client.post("/model/x/invoke", "{}").status()).isEqualTo(404);
        }
    }

    // ---- time and leaving ----

    @Test
    @Tag("R58")
    void handsEachTokenOverBeforeTheNextIsThere() {
        Gate gate = Gate.closed();
        try (Way way = Way.to("bedrock", setup -> setup);
                RawClient client = way.connect()) {
            way.upstream.otherwise(
                    open(joined(start(), text("one")))
                            .await(gate)
                            .send(joined(text("two"), end())));
            client.send(RawRequest.post(STREAMED, ASK));
            RawResponse response = client.response();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            while (!read.toString(StandardCharsets.UTF_8).contains("one")) {
                read.writeBytes(response.read().orElseThrow().bytes());
            }
            gate.open();
            response.drain(read);
            assertThat(BedrockStreamValidator.validate(read.toByteArray()).text())
                    .isEqualTo("onetwo");
        }
    }

    @Test
    @Tag("R16")
    void closesTheUpstreamWhenItsClientLeaves() {
        try (Way way = Way.to("bedrock", setup -> setup);
                RawClient client = way.connect()) {
            way.upstream.otherwise(open(joined(start(), text("one"))).hold());
            client.send(RawRequest.post(STREAMED, ASK));
            client.response().read();
            client.reset();
            assertThat(way.upstream.request().awaitPeerClose(WAIT)).isNotNull();
            assertThat(way.gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }

    // ---- keys ----

    private static final String KEY = "sk-client-key-0123456789";
    private static final AwsCredentials SAME = new AwsCredentials(KEY, KEY, Optional.empty());

    private static Way guarded() {
        Way way = Way.to("bedrock", s -> s.config(c -> c.withKey("alice", Secret.of(KEY))));
        way.upstream.otherwise(Script.json(200, ANSWER));
        return way;
    }

    private static RawRequest signed(
            Way way, AwsCredentials credentials, Instant at, String body, String sent) {
        String host = "127.0.0.1:" + way.gateway.port();
        Headers own = Headers.of("host", host, "content-type", "application/json");
        Headers added =
                SigV4.sign(
                        "POST",
                        WHOLE,
                        own,
                        body.getBytes(StandardCharsets.UTF_8),
                        credentials,
                        "us-east-1",
                        at);
        RawRequest request = RawRequest.post(WHOLE, sent).header("host", host);
        for (Header header : added.all()) {
            request = request.header(header.name(), header.value());
        }
        return request;
    }

    /** What a client is told, read to its end. */
    private record Told(int status, String exception, Optional<String> date, String text) {
        static Told by(Way way, RawRequest request) {
            try (RawClient client = way.connect()) {
                RawResponse response = client.exchange(request);
                return new Told(
                        response.status(),
                        response.header("x-amzn-errortype").orElse(""),
                        response.header("date"),
                        response.text());
            }
        }
    }

    @Test
    void knowsAClientByTheKeyThatSigns() {
        try (Way way = guarded()) {
            Told signed = Told.by(way, signed(way, SAME, Instant.now(), ASK, ASK));
            assertThat(signed.text()).isEqualTo(ANSWER);
            assertThat(way.gateway.nextRecord().principal()).isEqualTo("alice");
            assertThat(way.upstream.request().headers().toString())
                    .doesNotContain(KEY)
                    .doesNotContain("AWS4-HMAC-SHA256");
            RawRequest bearer =
                    RawRequest.post(WHOLE, ASK).header("authorization", "Bearer " + KEY);
            assertThat(Told.by(way, bearer).text()).isEqualTo(ANSWER);
        }
    }

    private static byte[] gzipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void refusesASignatureThatDoesNotHold() throws IOException {
        Instant now = Instant.now();
        try (Way way = guarded()) {
            Told changed = Told.by(way, signed(way, SAME, now, ASK, ASK.replace("hi", "ho")));
            assertThat(changed.status()).isEqualTo(403);
            assertThat(changed.exception()).isEqualTo("InvalidSignatureException");
            assertThat(changed.text()).doesNotContain(KEY);
            AwsCredentials half = new AwsCredentials(KEY, "not-the-key", Optional.empty());
            assertThat(Told.by(way, signed(way, half, now, ASK, ASK)).status()).isEqualTo(403);
            AwsCredentials nobody = new AwsCredentials("AKIDNOBODY", KEY, Optional.empty());
            Told unknown = Told.by(way, signed(way, nobody, now, ASK, ASK));
            assertThat(unknown.status()).isEqualTo(403);
            assertThat(unknown.exception()).isEqualTo("UnrecognizedClientException");
            Instant old = now.minus(SigV4Check.MOST_SKEW).minusSeconds(60);
            Told late = Told.by(way, signed(way, SAME, old, ASK, ASK));
            assertThat(late.status()).isEqualTo(403);
            assertThat(late.date()).isPresent();
            assertThat(late.text()).contains("Signature expired");
            RawRequest compressed =
                    signed(way, SAME, now, ASK, ASK)
                            .header("content-encoding", "gzip")
                            .body(gzipped(ASK));
            assertThat(Told.by(way, compressed).text()).contains("must not be compressed");
            assertThat(way.upstream.requests()).isEmpty();
        }
    }

    // ---- towards AWS ----

    @Test
    void signsWhatItSends() {
        AwsCredentials own =
                new AwsCredentials("AKIDOWN", "own-secret-0123456789", Optional.of("session-0123"));
        try (Way way = Way.to("bedrock", s -> s.signing(new Signing(own, "eu-west-1")));
                RawClient client = way.connect()) {
            way.upstream.otherwise(Script.json(200, ANSWER));
            assertThat(client.post(WHOLE, ASK).status()).isEqualTo(200);
            UpstreamRequest asked = way.upstream.request();
            Headers sent =
                    new Headers(
                            asked.headers().stream()
                                    .map(field -> new Header(field.getKey(), field.getValue()))
                                    .toList());
            SigV4Check check = SigV4Check.of(sent).orElseThrow();
            assertThat(check.accessKey()).isEqualTo("AKIDOWN");
            assertThat(check.scope().region()).isEqualTo("eu-west-1");
            assertThat(check.signedHeaders()).contains("x-amz-security-token");
            assertThat(
                            check.problem(
                                    "POST",
                                    asked.target(),
                                    "",
                                    sent,
                                    asked.header("host").orElseThrow(),
                                    asked.body(),
                                    own.secretKey(),
                                    Instant.now()))
                    .isEmpty();
        }
    }

    @Test
    void neverTellsItsOwnSecrets() {
        AwsCredentials own =
                new AwsCredentials("AKIDOWN", "own-secret-0123456789", Optional.of("session-0123"));
        try (Way way = Way.to("bedrock", s -> s.signing(new Signing(own, "eu-west-1")));
                RawClient client = way.connect()) {
            way.upstream.otherwise(
                    Script.json(400, "{\"message\":\"own-secret-0123456789 session-0123\"}"));
            assertThat(client.post(WHOLE, ASK).text())
                    .doesNotContain("own-secret-0123456789", "session-0123");
        }
    }

    // ---- the rest ----

    @Test
    void listsModelsAndCountsTokens() {
        try (Way way = Way.to("bedrock", s -> s.timeouts(Timeouts.DEFAULT));
                RawClient client = way.connect()) {
            JsonNode models = client.get("/foundation-models").json();
            assertThat(models.at("/modelSummaries/0/modelId").isString()).isTrue();
            way.upstream.otherwise(Script.json(200, "{\"inputTokens\":17}"));
            String ask = "{\"input\":{\"converse\":" + ASK + "}}";
            assertThat(client.post(MODEL + "/count-tokens", ask).json().path("inputTokens").asInt())
                    .isEqualTo(17);
            assertThat(way.upstream.request().target()).isEqualTo(MODEL + "/count-tokens");
        }
    }

    @Test
    @Tag("R59")
    void showsThatItIsAliveByAnEventThatClientsSkip() {
        Gate gate = Gate.closed();
        UnaryOperator<TestGateway.Setup> often =
                setup -> setup.config(c -> c.toBuilder().keepalive(Duration.ofMillis(50)).build());
        try (Way way = Way.to("bedrock", often);
                RawClient client = way.connect()) {
            way.upstream.otherwise(open(joined(start(), text("one"))).await(gate).send(end()));
            client.send(RawRequest.post(STREAMED, ASK));
            RawResponse response = client.response();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            while (!read.toString(StandardCharsets.UTF_8).contains("ping")) {
                read.writeBytes(response.read().orElseThrow().bytes());
            }
            gate.open();
            response.drain(read);
            assertThat(BedrockStreamValidator.validate(read.toByteArray()).text()).isEqualTo("one");
            List<BedrockFrame> frames = BedrockFrames.read(read.toByteArray());
            assertThat(frames).anyMatch(f -> f.header(":event-type").equals("ping"));
        }
    }
}
