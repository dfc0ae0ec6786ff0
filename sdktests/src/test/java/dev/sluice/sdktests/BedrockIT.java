package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.core.dialect.Headers;
import dev.sluice.dialect.bedrock.SigV4;
import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * AWS's own client for Java, over HTTP/2 as it speaks by itself and over HTTP/1.1, before a gateway
 * that asks for its key.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BedrockIT {
    private static final String KEY = "sk-client-key-0123456789";

    private final BlockingQueue<ExchangeRecord> records = new LinkedBlockingQueue<>();
    private final Config config =
            Config.defaults().withPort(0).withKey("alice", Secret.of(KEY)).toBuilder()
                    .workers(1)
                    .build();
    private final SluicePlan plan = SluicePlan.of(config);
    private final Gateway gateway =
            Gateway.start(
                    config,
                    plan,
                    new ExchangeListener() {
                        @Override
                        public void onStarted() {}

                        @Override
                        public void onEnded(ExchangeRecord record) {
                            records.add(record);
                        }
                    });

    @AfterAll
    void close() {
        gateway.close();
        plan.close();
    }

    private BedrockRuntimeAsyncClient client(Protocol protocol, String secret) {
        return BedrockRuntimeAsyncClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + gateway.port()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, secret)))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(protocol))
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    /** What a program keeps of a stream. */
    private static final class Heard {
        final StringBuilder text = new StringBuilder();
        final StringBuilder thinking = new StringBuilder();
        final StringBuilder arguments = new StringBuilder();
        String signature = "";
        String tool = "";
        StopReason stop = StopReason.UNKNOWN_TO_SDK_VERSION;
        Optional<TokenUsage> usage = Optional.empty();
        final CountDownLatch begun = new CountDownLatch(3);
    }

    private static Message user(String text) {
        return Message.builder()
                .role(ConversationRole.USER)
                .content(ContentBlock.fromText(text))
                .build();
    }

    private static ToolConfiguration tools() {
        Document schema =
                Document.fromMap(
                        Map.of(
                                "type",
                                Document.fromString("object"),
                                "properties",
                                Document.fromMap(
                                        Map.of(
                                                "city",
                                                Document.fromMap(
                                                        Map.of(
                                                                "type",
                                                                Document.fromString("string"))))),
                                "required",
                                Document.fromList(List.of(Document.fromString("city")))));
        return ToolConfiguration.builder()
                .tools(
                        Tool.fromToolSpec(
                                t -> t.name("get_weather").inputSchema(s -> s.json(schema))))
                .build();
    }

    private static CompletableFuture<Void> ask(
            BedrockRuntimeAsyncClient client, String model, Heard heard) {
        ConverseStreamRequest request =
                ConverseStreamRequest.builder()
                        .modelId("simulated/" + model)
                        .messages(user("How is the weather?"))
                        .toolConfig(tools())
                        .build();
        return client.converseStream(
                request,
                ConverseStreamResponseHandler.builder()
                        .subscriber(
                                ConverseStreamResponseHandler.Visitor.builder()
                                        .onContentBlockStart(
                                                e -> heard.tool = e.start().toolUse().name())
                                        .onContentBlockDelta(
                                                e -> {
                                                    heard.begun.countDown();
                                                    add(e.delta(), heard);
                                                })
                                        .onMessageStop(e -> heard.stop = e.stopReason())
                                        .onMetadata(e -> heard.usage = Optional.of(e.usage()))
                                        .build())
                        .build());
    }

    private static void add(ContentBlockDelta delta, Heard heard) {
        switch (delta.type()) {
            case TEXT -> heard.text.append(delta.text());
            case TOOL_USE -> heard.arguments.append(delta.toolUse().input());
            case REASONING_CONTENT -> {
                if (delta.reasoningContent().text() != null) {
                    heard.thinking.append(delta.reasoningContent().text());
                }
                if (delta.reasoningContent().signature() != null) {
                    heard.signature = delta.reasoningContent().signature();
                }
            }
            default -> throw new AssertionError(delta.toString());
        }
    }

    private static Heard heard(BedrockRuntimeAsyncClient client, String model) {
        Heard heard = new Heard();
        ask(client, model, heard).join();
        return heard;
    }

    private static ConverseResponse whole(BedrockRuntimeAsyncClient client, String model) {
        return client.converse(c -> c.modelId("simulated/" + model).messages(user("hi"))).join();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void hearsEveryTokenAndTheCounts(Protocol protocol) {
        try (BedrockRuntimeAsyncClient client = client(protocol, KEY)) {
            Heard heard = heard(client, "count-n50-i0-t0");
            assertThat(heard.text).startsWith("1").contains("50");
            assertThat(heard.stop).isEqualTo(StopReason.END_TURN);
            assertThat(heard.usage.orElseThrow().outputTokens()).isEqualTo(50);
            ConverseResponse whole = whole(client, "count-n50-i0-t0");
            assertThat(whole.output().message().content().getFirst().text())
                    .isEqualTo(heard.text.toString());
            assertThat(whole.usage().outputTokens()).isEqualTo(50);
            assertThat(
                            client.countTokens(
                                            c ->
                                                    c.modelId("simulated/text")
                                                            .input(
                                                                    i ->
                                                                            i.converse(
                                                                                    t ->
                                                                                            t
                                                                                                    .messages(
                                                                                                            user(
                                                                                                                    "hi")))))
                                    .join()
                                    .inputTokens())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @Tag("R34")
    void hearsToolsAndThinking(Protocol protocol) {
        try (BedrockRuntimeAsyncClient client = client(protocol, KEY)) {
            Heard heard = heard(client, "thinking-tool-i0-t0");
            assertThat(heard.thinking).isNotEmpty();
            assertThat(heard.signature).isNotEmpty();
            assertThat(heard.tool).isEqualTo("get_weather");
            assertThat(heard.arguments.toString()).startsWith("{").endsWith("}");
            assertThat(heard.stop).isEqualTo(StopReason.TOOL_USE);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @Tag("R52")
    @Tag("R56")
    void hearsErrorsBeforeAndWithinAnAnswer(Protocol protocol) {
        try (BedrockRuntimeAsyncClient client = client(protocol, KEY)) {
            fails(ThrottlingException.class, () -> heard(client, "error-i0-t0"));
            fails(ResourceNotFoundException.class, () -> whole(client, "nonsense"));
            for (String model : new String[] {"error-midway", "cut", "disconnect"}) {
                Heard heard = new Heard();
                Throwable told = catchThrowable(() -> ask(client, model + "-i0-t0", heard).join());
                assertThat(told).as(model).isInstanceOf(CompletionException.class);
                assertThat(told.getCause()).as(model).isInstanceOf(BedrockRuntimeException.class);
                assertThat(heard.text).as(model).isNotEmpty();
            }
            fails(ModelStreamErrorException.class, () -> heard(client, "cut-i0-t0"));
        }
    }

    private static void fails(Class<? extends Throwable> type, Runnable asking) {
        assertThat(catchThrowable(asking::run)).hasCauseInstanceOf(type);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @Tag("R16")
    void cancelsTheModelWhenTheProgramDoes(Protocol protocol) throws InterruptedException {
        records.clear();
        try (BedrockRuntimeAsyncClient client = client(protocol, KEY)) {
            Heard heard = new Heard();
            CompletableFuture<Void> asked = ask(client, "n100000-i5-t0", heard);
            assertThat(heard.begun.await(10, TimeUnit.SECONDS)).isTrue();
            asked.cancel(true);
            assertThat(records.poll(10, TimeUnit.SECONDS))
                    .extracting(ExchangeRecord::outcome)
                    .isEqualTo(Outcome.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void isRefusedWithAnotherSecret(Protocol protocol) {
        try (BedrockRuntimeAsyncClient client = client(protocol, "another")) {
            Consumer<BedrockRuntimeException> isForged =
                    e -> {
                        assertThat(e.statusCode()).isEqualTo(403);
                        assertThat(e.awsErrorDetails().errorCode())
                                .isEqualTo("InvalidSignatureException");
                    };
            assertThat(catchThrowable(() -> whole(client, "text-i0-t0")))
                    .cause()
                    .isInstanceOfSatisfying(BedrockRuntimeException.class, isForged);
        }
    }

    /** The same request, signed by AWS's own signer and by the gateway's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/model/anthropic.claude-v1%3A0/converse",
                "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ax%2Fy.z-v1%3A0/converse-stream",
                "/model/gr%C3%BC%C3%9Fe/converse"
            })
    void signsAsAwsDoes(String path) {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        byte[] body = "{\"messages\":[]}".getBytes(StandardCharsets.UTF_8);
        String host = "bedrock-runtime.eu-west-1.amazonaws.com";
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(URI.create("https://" + host + path))
                        .putHeader("content-type", "application/json")
                        .build();
        SignedRequest theirs =
                AwsV4HttpSigner.create()
                        .sign(
                                s ->
                                        s.identity(
                                                        AwsSessionCredentialsIdentity.create(
                                                                "AKID", "secret/+", "token"))
                                                .request(request)
                                                .payload(ContentStreamProvider.fromByteArray(body))
                                                .putProperty(
                                                        AwsV4HttpSigner.SERVICE_SIGNING_NAME,
                                                        "bedrock")
                                                .putProperty(
                                                        AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                                                .putProperty(
                                                        HttpSigner.SIGNING_CLOCK,
                                                        Clock.fixed(now, ZoneOffset.UTC)));
        Headers ours =
                SigV4.sign(
                        "POST",
                        path,
                        Headers.of("host", host, "content-type", "application/json"),
                        body,
                        new dev.sluice.dialect.bedrock.AwsCredentials(
                                "AKID", "secret/+", Optional.of("token")),
                        "eu-west-1",
                        now);
        assertThat(ours.get("authorization").orElseThrow())
                .isEqualTo(theirs.request().firstMatchingHeader("Authorization").orElseThrow());
    }

    @Test
    void countsForTheKeysOwner() throws InterruptedException {
        records.clear();
        try (BedrockRuntimeAsyncClient client = client(Protocol.HTTP2, KEY)) {
            whole(client, "text-i0-t0");
            assertThat(records.poll(10, TimeUnit.SECONDS))
                    .extracting(ExchangeRecord::principal)
                    .isEqualTo("alice");
        }
    }
}
