package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;

import dev.sluice.dialect.grpc.GrpcServices;
import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.ServerTls;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.TlsIdentity;
import dev.sluice.testkit.stream.ChatEvents;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateway's gRPC service as grpc-java speaks it. */
class GrpcIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
    private static final String SERVICE = "sluice.v1.Generation";
    private static final Map<String, FileDescriptor> FILES = files();

    private FakeUpstream upstream;

    @BeforeEach
    void start() {
        upstream = FakeUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static Map<String, FileDescriptor> files() {
        try (InputStream in = GrpcServices.class.getResourceAsStream("services.binpb")) {
            Map<String, FileDescriptor> files = new HashMap<>();
            FileDescriptorSet set = FileDescriptorSet.parseFrom(Objects.requireNonNull(in));
            for (FileDescriptorProto file : set.getFileList()) {
                files.put(file.getPackage(), FileDescriptor.buildFrom(file, new FileDescriptor[0]));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Descriptor type(String scope, String name) {
        return Objects.requireNonNull(FILES.get(scope)).findMessageTypeByName(name);
    }

    /** A message from name, value, name, value … */
    private static DynamicMessage message(String scope, String name, Object... members) {
        Descriptor type = type(scope, name);
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
        for (int i = 0; i < members.length; i += 2) {
            builder.setField(type.findFieldByName((String) members[i]), members[i + 1]);
        }
        return builder.build();
    }

    private static DynamicMessage ask(Object... members) {
        return message("sluice.v1", "GenerateRequest", members);
    }

    private static Object get(DynamicMessage message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    private static DynamicMessage inside(DynamicMessage message, String name) {
        return (DynamicMessage) get(message, name);
    }

    private static MethodDescriptor<DynamicMessage, DynamicMessage> method(
            MethodType kind, String scope, String service, String name, String in, String out) {
        return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(kind)
                .setFullMethodName(service + "/" + name)
                .setRequestMarshaller(new Dynamic(type(scope, in)))
                .setResponseMarshaller(new Dynamic(type(scope, out)))
                .build();
    }

    private static final MethodDescriptor<DynamicMessage, DynamicMessage> STREAM =
            method(
                    MethodType.SERVER_STREAMING,
                    "sluice.v1",
                    SERVICE,
                    "Stream",
                    "GenerateRequest",
                    "Event");
    private static final MethodDescriptor<DynamicMessage, DynamicMessage> GENERATE =
            unary("Generate", "GenerateRequest", "GenerateResponse");
    private static final MethodDescriptor<DynamicMessage, DynamicMessage> COUNT =
            unary("CountTokens", "GenerateRequest", "CountTokensResponse");
    private static final MethodDescriptor<DynamicMessage, DynamicMessage> LIST =
            unary("ListModels", "ListModelsRequest", "ListModelsResponse");

    private static MethodDescriptor<DynamicMessage, DynamicMessage> unary(
            String name, String in, String out) {
        return method(MethodType.UNARY, "sluice.v1", SERVICE, name, in, out);
    }

    private record Dynamic(Descriptor type) implements MethodDescriptor.Marshaller<DynamicMessage> {
        @Override
        public InputStream stream(DynamicMessage value) {
            return new ByteArrayInputStream(value.toByteArray());
        }

        @Override
        public DynamicMessage parse(InputStream stream) {
            try {
                return DynamicMessage.parseFrom(type, stream);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TestGateway gateway(UnaryOperator<TestGateway.Setup> more) {
        return more.apply(TestGateway.setup()).openai(upstream.uri()).start();
    }

    private static ManagedChannel channel(TestGateway gateway) {
        return NettyChannelBuilder.forAddress("127.0.0.1", gateway.port()).usePlaintext().build();
    }

    private static CallOptions soon() {
        return CallOptions.DEFAULT.withDeadlineAfter(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Tag("R58")
    void aTokenIsThereBeforeTheNextLeaves() {
        List<Gate> gates = new ArrayList<>();
        Script script = Script.stream().send(CHAT.role());
        for (int i = 0; i < 5; i++) {
            Gate gate = Gate.closed();
            gates.add(gate);
            script = script.await(gate).send(CHAT.text("tökén" + i));
        }
        upstream.otherwise(script.send(CHAT.end("stop")));
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            Iterator<DynamicMessage> events =
                    ClientCalls.blockingServerStreamingCall(
                            channel, STREAM, soon(), ask("prompt", "hi", "system", "Be brief."));
            for (int i = 0; i < 5; i++) {
                gates.get(i).open();
                DynamicMessage token = inside(events.next(), "token");
                assertThat(get(token, "text")).isEqualTo("tökén" + i);
                assertThat(get(token, "number")).isEqualTo(i + 1L);
            }
            DynamicMessage done = inside(events.next(), "done");
            assertThat(get(done, "stop_reason").toString()).endsWith("END_TURN");
            assertThat((Long) get(inside(done, "usage"), "output_tokens")).isPositive();
            assertThat((Double) get(done, "ttft_ms")).isPositive();
            assertThat(events.hasNext()).isFalse();
            channel.shutdownNow();
        }
    }

    @Test
    void anAnswerComesInOnePieceWithItsCalls() {
        upstream.otherwise(
                Script.stream()
                        .send(
                                CHAT.role()
                                        + CHAT.reasoning("Hm.")
                                        + CHAT.text("Let me ask.")
                                        + CHAT.tool(0, "call_1", "time")
                                        + CHAT.end("tool_calls")));
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            DynamicMessage tool =
                    message(
                            "sluice.v1",
                            "Tool",
                            "name",
                            "time",
                            "parameters_json",
                            "{\"type\":\"object\"}");
            DynamicMessage user =
                    message("sluice.v1", "Message", "role", "user", "content", "Time?");
            DynamicMessage answer =
                    ClientCalls.blockingUnaryCall(
                            channel,
                            GENERATE,
                            soon(),
                            ask(
                                    "model",
                                    "m",
                                    "messages",
                                    List.of(user),
                                    "tools",
                                    List.of(tool),
                                    "max_tokens",
                                    9L,
                                    "temperature",
                                    0.0));
            assertThat(get(answer, "text")).isEqualTo("Let me ask.");
            assertThat(get(answer, "thinking")).isEqualTo("Hm.");
            DynamicMessage call = (DynamicMessage) ((List<?>) get(answer, "tool_calls")).getFirst();
            assertThat(get(call, "name")).isEqualTo("time");
            assertThat(get(call, "arguments")).isEqualTo("{}");
            assertThat(upstream.request().json().path("temperature").asDouble(7)).isZero();
            assertThat(upstream.request().json().path("tools").size()).isEqualTo(1);
            channel.shutdownNow();
        }
    }

    @Test
    void modelsAreListedAndTokensCounted() {
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            DynamicMessage list =
                    ClientCalls.blockingUnaryCall(
                            channel, LIST, soon(), message("sluice.v1", "ListModelsRequest"));
            DynamicMessage model = (DynamicMessage) ((List<?>) get(list, "models")).getFirst();
            assertThat(get(model, "id")).isEqualTo("gpt-5-mini");
            DynamicMessage count =
                    ClientCalls.blockingUnaryCall(channel, COUNT, soon(), ask("prompt", "hello"));
            assertThat((Long) get(count, "input_tokens")).isPositive();
            channel.shutdownNow();
        }
    }

    @ParameterizedTest
    @Tag("R52")
    @Tag("R55")
    @CsvSource({
        "400, INVALID_ARGUMENT, client",
        "429, RESOURCE_EXHAUSTED, policy",
        "500, INTERNAL, upstream",
        "503, UNAVAILABLE, upstream"
    })
    void anErrorBeforeTheFirstTokenIsAStatus(int status, Status.Code code, String fault) {
        upstream.otherwise(
                Script.json(status, "{\"error\":{\"message\":\"käputt\",\"type\":\"x\"}}"));
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            for (boolean streamed : new boolean[] {true, false}) {
                StatusRuntimeException e = failure(channel, streamed, ask("prompt", "x"));
                assertThat(e.getStatus().getCode()).isEqualTo(code);
                assertThat(e.getStatus().getDescription()).contains("käputt");
                assertThat(trailer(e, "sluice-fault")).isEqualTo(fault);
            }
            channel.shutdownNow();
        }
    }

    @Test
    @Tag("R55")
    void aModelThatIsNotThereAndAServerThatIsNotHaveStatusesOfTheirOwn() {
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            StatusRuntimeException nobody =
                    failure(channel, true, ask("prompt", "x", "model", "no-such-model"));
            assertThat(nobody.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(trailer(nobody, "sluice-code")).isEqualTo("not_found");
            channel.shutdownNow();
        }
        URI nowhere = URI.create("http://127.0.0.1:" + Ports.refusing());
        try (TestGateway gateway = TestGateway.setup().openai(nowhere).start()) {
            ManagedChannel channel = channel(gateway);
            StatusRuntimeException refused = failure(channel, false, ask("prompt", "x"));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(trailer(refused, "sluice-code")).isEqualTo("upstream_unreachable");
            channel.shutdownNow();
        }
    }

    /** The channel for calls that have this metadata. */
    private static Channel with(String name, String value, ManagedChannel channel) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static StatusRuntimeException failure(
            Channel channel, boolean streamed, DynamicMessage request) {
        try {
            // Without a deadline, which would take the place of one that the metadata has.
            if (streamed) {
                ClientCalls.blockingServerStreamingCall(
                                channel, STREAM, CallOptions.DEFAULT, request)
                        .forEachRemaining(_ -> {});
            } else {
                ClientCalls.blockingUnaryCall(channel, GENERATE, CallOptions.DEFAULT, request);
            }
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call did not fail");
    }

    private static String trailer(StatusRuntimeException e, String name) {
        Metadata trailers = Objects.requireNonNull(e.getTrailers());
        return Objects.requireNonNull(
                trailers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
    }

    @Test
    @Tag("R52")
    void anErrorAfterATokenIsTheStatusBehindIt() {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).endAndClose());
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            Iterator<DynamicMessage> events =
                    ClientCalls.blockingServerStreamingCall(
                            channel, STREAM, soon(), ask("prompt", "x"));
            assertThat(get(inside(events.next(), "token"), "text")).isEqualTo("one");
            assertThatThrownBy(events::hasNext)
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e ->
                                    assertThat(e.getStatus().getCode())
                                            .isEqualTo(Status.Code.DATA_LOSS));
            channel.shutdownNow();
        }
    }

    @Test
    @Tag("R16")
    void aDeadlineAndACancellationReachTheUpstream() {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            // Enough for a first connection on a busy machine.
            CallOptions brief = CallOptions.DEFAULT.withDeadlineAfter(4, TimeUnit.SECONDS);
            assertThatThrownBy(
                            () ->
                                    ClientCalls.blockingServerStreamingCall(
                                                    channel, STREAM, brief, ask("prompt", "x"))
                                            .forEachRemaining(_ -> {}))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e ->
                                    assertThat(e.getStatus().getCode())
                                            .isEqualTo(Status.Code.DEADLINE_EXCEEDED));
            upstream.request(1).awaitPeerClose(SOON);
            gateway.nextRecord();
            Context.CancellableContext context = Context.current().withCancellation();
            context.run(
                    () ->
                            ClientCalls.blockingServerStreamingCall(
                                            channel, STREAM, soon(), ask("prompt", "x"))
                                    .next());
            context.cancel(null);
            upstream.request(2).awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            channel.shutdownNow();
        }
    }

    /** The gateway keeps the deadline itself, for a client that waits for what it says. */
    @Test
    @Tag("R52")
    void aDeadlineThatPassesIsAStatusOfTheGateway() {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            for (boolean streamed : new boolean[] {true, false}) {
                StatusRuntimeException e =
                        failure(
                                with("grpc-timeout", "500m", channel),
                                streamed,
                                ask("prompt", "x"));
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
                assertThat(trailer(e, "sluice-code")).isEqualTo("timeout");
                upstream.request(streamed ? 1 : 2).awaitPeerClose(SOON);
            }
            channel.shutdownNow();
        }
    }

    @Test
    @Tag("R51")
    void aCallThatIsCancelledHasTheStatusOfThatAndSoHasTheRecord() throws InterruptedException {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            ClientCall<DynamicMessage, DynamicMessage> call = channel.newCall(STREAM, soon());
            BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(DynamicMessage first) {
                            call.cancel("enough", null);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            ends.add(status);
                        }
                    },
                    new Metadata());
            call.sendMessage(ask("prompt", "x"));
            call.halfClose();
            call.request(2);
            Status end = ends.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(Objects.requireNonNull(end).getCode()).isEqualTo(Status.Code.CANCELLED);
            upstream.request().awaitPeerClose(SOON);
            ExchangeRecord record = gateway.nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(record.measures().tokens()).isEqualTo(1);
            channel.shutdownNow();
        }
    }

    @Test
    @Tag("R52")
    @Tag("S10")
    void aPageOfAnotherOriginIsDeniedPermission() {
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            for (boolean streamed : new boolean[] {true, false}) {
                StatusRuntimeException e =
                        failure(
                                with("origin", "https://elsewhere.example", channel),
                                streamed,
                                ask("prompt", "x"));
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(e.getStatus().getDescription()).contains("`cors`");
                assertThat(trailer(e, "sluice-code")).isEqualTo("permission");
                assertThat(trailer(e, "sluice-fault")).isEqualTo("client");
            }
            assertThat(upstream.requests("/v1/chat/completions")).isEmpty();
            channel.shutdownNow();
        }
    }

    @Test
    void theServiceIsThereUnderTls(@TempDir Path folder) throws IOException {
        TlsIdentity identity = TlsIdentity.selfSigned();
        ServerTls tls =
                new ServerTls(
                        Files.writeString(folder.resolve("cert.pem"), identity.certificatePem()),
                        Files.writeString(folder.resolve("key.pem"), identity.keyPem()));
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway =
                gateway(
                        setup ->
                                setup.config(
                                        c ->
                                                c.toBuilder()
                                                        .listen(c.listen().withTls(tls))
                                                        .build()))) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("localhost", gateway.port())
                            .sslContext(
                                    GrpcSslContexts.forClient()
                                            .trustManager(tls.certificate().toFile())
                                            .build())
                            .build();
            DynamicMessage answer =
                    ClientCalls.blockingUnaryCall(channel, GENERATE, soon(), ask("prompt", "x"));
            assertThat(get(answer, "text")).isEqualTo("one");
            Iterator<DynamicMessage> events =
                    ClientCalls.blockingServerStreamingCall(
                            channel, STREAM, soon(), ask("prompt", "x"));
            assertThat(get(inside(events.next(), "token"), "text")).isEqualTo("one");
            channel.shutdownNow();
        }
    }

    @Test
    void aKeyIsMetadata() {
        upstream.otherwise(Script.stream().send(CHAT.answer("one")));
        try (TestGateway gateway =
                gateway(setup -> setup.config(c -> c.withKey("ann", Secret.of("key-of-ann"))))) {
            ManagedChannel channel = channel(gateway);
            assertThat(failure(channel, true, ask("prompt", "x")).getStatus().getCode())
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
            DynamicMessage answer =
                    ClientCalls.blockingUnaryCall(
                            with("authorization", "Bearer key-of-ann", channel),
                            GENERATE,
                            soon(),
                            ask("prompt", "x"));
            assertThat(get(answer, "text")).isEqualTo("one");
            channel.shutdownNow();
        }
    }

    private static MethodDescriptor<DynamicMessage, DynamicMessage> health(
            MethodType kind, String name) {
        String scope = "grpc.health.v1";
        return method(
                kind, scope, scope + ".Health", name, "HealthCheckRequest", "HealthCheckResponse");
    }

    private static DynamicMessage healthOf(String service) {
        return message("grpc.health.v1", "HealthCheckRequest", "service", service);
    }

    @Test
    void healthNeedsNoKeyAndIsToldToThoseWhoWatchUntilTheGatewayStops() {
        TestGateway gateway =
                gateway(setup -> setup.config(c -> c.withKey("ann", Secret.of("key-of-ann"))));
        ManagedChannel channel = channel(gateway);
        MethodDescriptor<DynamicMessage, DynamicMessage> check = health(MethodType.UNARY, "Check");
        for (String service : List.of("", SERVICE)) {
            DynamicMessage well =
                    ClientCalls.blockingUnaryCall(channel, check, soon(), healthOf(service));
            assertThat(get(well, "status").toString()).isEqualTo("SERVING");
        }
        assertThatThrownBy(
                        () ->
                                ClientCalls.blockingUnaryCall(
                                        channel, check, soon(), healthOf("no.Such")))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
        Iterator<DynamicMessage> watched =
                ClientCalls.blockingServerStreamingCall(
                        channel,
                        health(MethodType.SERVER_STREAMING, "Watch"),
                        soon(),
                        healthOf(SERVICE));
        assertThat(get(watched.next(), "status").toString()).isEqualTo("SERVING");
        gateway.gateway().stop();
        assertThat(get(watched.next(), "status").toString()).isEqualTo("NOT_SERVING");
        assertThat(watched.hasNext()).isFalse();
        channel.shutdownNow();
    }

    @Test
    void reflectionIsServed() {
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            String scope = "grpc.reflection.v1";
            MethodDescriptor<DynamicMessage, DynamicMessage> info =
                    method(
                            MethodType.SERVER_STREAMING,
                            scope,
                            scope + ".ServerReflection",
                            "ServerReflectionInfo",
                            "ServerReflectionRequest",
                            "ServerReflectionResponse");
            DynamicMessage listed =
                    ClientCalls.blockingServerStreamingCall(
                                    channel,
                                    info,
                                    soon(),
                                    message(scope, "ServerReflectionRequest", "list_services", "*"))
                            .next();
            assertThat(get(listed, "list_services_response").toString()).contains(SERVICE);
            DynamicMessage file =
                    ClientCalls.blockingServerStreamingCall(
                                    channel,
                                    info,
                                    soon(),
                                    message(
                                            scope,
                                            "ServerReflectionRequest",
                                            "file_containing_symbol",
                                            SERVICE + ".Stream"))
                            .next();
            assertThat(get(file, "file_descriptor_response").toString()).contains("generation");
            channel.shutdownNow();
        }
    }

    @Test
    void whatReflectionTellsIsWhatTheFilesSay() throws IOException {
        for (FileDescriptor file : FILES.values()) {
            String text = Files.readString(Path.of("../dialects/src/main/proto", file.getName()));
            List<String> described = new ArrayList<>();
            file.getMessageTypes().forEach(type -> describe(type, described));
            file.getEnumTypes().forEach(type -> describe(type, described));
            List<String> said = new ArrayList<>();
            Matcher fields = Pattern.compile("(\\w+ = \\d+);").matcher(text);
            while (fields.find()) {
                said.add(fields.group(1));
            }
            assertThat(said).as(file.getName()).containsExactlyInAnyOrderElementsOf(described);
        }
    }

    private static void describe(Descriptor type, List<String> described) {
        type.getFields().forEach(f -> described.add(f.getName() + " = " + f.getNumber()));
        type.getEnumTypes().forEach(inside -> describe(inside, described));
        type.getNestedTypes().forEach(inside -> describe(inside, described));
    }

    private static void describe(EnumDescriptor type, List<String> described) {
        type.getValues().forEach(v -> described.add(v.getName() + " = " + v.getNumber()));
    }

    @Test
    void aMethodThatIsNotThereIsUnimplemented() {
        try (TestGateway gateway = gateway(setup -> setup)) {
            ManagedChannel channel = channel(gateway);
            MethodDescriptor<DynamicMessage, DynamicMessage> sing =
                    unary("Sing", "GenerateRequest", "Event");
            assertThatThrownBy(
                            () ->
                                    ClientCalls.blockingUnaryCall(
                                            channel, sing, soon(), ask("prompt", "x")))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e ->
                                    assertThat(e.getStatus().getCode())
                                            .isEqualTo(Status.Code.UNIMPLEMENTED));
            channel.shutdownNow();
        }
    }
}
