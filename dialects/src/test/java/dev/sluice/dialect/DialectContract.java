package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Tap.Sight;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.JsonSubset;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What every dialect keeps, shown on its golden transcripts, on its sample requests and on every
 * kind of failure.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DialectContract {
    /** The dialect. */
    protected abstract Dialect dialect();

    /** Its golden transcripts. */
    protected abstract List<Golden> goldens();

    /** The expected answer without what is known to have no place in a canonical answer. */
    protected abstract JsonNode comparable(JsonNode expected);

    /** Refuses what a strict client would, in a stream with usage; folds the rest. */
    protected abstract FoldedAnswer validate(byte[] stream);

    /** Requests that use all of the dialect, in JSON. */
    protected abstract List<String> requests();

    /**
     * The smallest request there is, with the members {@code more} added in front, each followed by
     * a comma.
     */
    protected abstract String smallestRequest(String more);

    /** A client's call that asks {@code target} for an answer by {@code body}. */
    protected Call call(byte[] body, Target target) {
        return Call.of(body);
    }

    /** Whether a frame tells the end of a message; if not the end of the stream does. */
    protected boolean endsWithAFrame() {
        return true;
    }

    /** The first member that a request cannot do without. */
    protected String mainMember() {
        return "model";
    }

    /** Goldens that end well. */
    protected List<Golden> wholeGoldens() {
        return goldens().stream().filter(golden -> !golden.endsInError()).toList();
    }

    private DecodeContext same() {
        return Wire.same(dialect());
    }

    private List<Event> events(Golden golden) {
        return Wire.decode(dialect(), same(), List.of(golden.bytes()));
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // ---- streams ----

    @ParameterizedTest
    @MethodSource("wholeGoldens")
    void foldsAStreamToTheUnstreamedAnswer(Golden golden) {
        Answer answer = Wire.answer(events(golden));
        byte[] body = dialect().encodeAnswer(answer, Wire.context(true));
        JsonSubset.assertSubset(comparable(golden.expected()), Json.parse(body));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    @Tag("R3")
    @Tag("R4")
    @Tag("R9")
    void givesTheSameEventsHoweverTheStreamIsCut(Golden golden) {
        List<Event> whole = events(golden);
        Splits.forEach(
                Splits.all(golden.bytes()),
                pieces -> assertThat(Wire.decode(dialect(), same(), pieces)).isEqualTo(whole));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    @Tag("R50")
    void isCompleteOrFailedWhereverTheStreamEnds(Golden golden) {
        byte[] bytes = golden.bytes();
        Accumulator whole = Wire.fold(events(golden));
        for (int end = 0; end < bytes.length; end++) {
            byte[] cut = Arrays.copyOf(bytes, end);
            List<Event> events = Wire.decode(dialect(), same(), List.of(cut));
            Accumulator fold = Wire.fold(events);
            assertThat(fold.complete() != fold.failure().isPresent())
                    .as("cut at %d ends once: %s", end, events.getLast())
                    .isTrue();
            if (fold.complete()) {
                assertThat(fold.answer().blocks())
                        .as("cut at %d is called complete", end)
                        .isEqualTo(whole.answer().blocks());
                assertThat(fold.answer().stopReason()).isEqualTo(whole.answer().stopReason());
            }
            assertThat(whole.answer().text()).startsWith(fold.answer().text());
        }
    }

    @ParameterizedTest
    @MethodSource("wholeGoldens")
    @Tag("R15")
    @Tag("R32")
    @Tag("R40")
    @Tag("R41")
    void writesStreamsThatStrictClientsAccept(Golden golden) {
        byte[] stream = Wire.encode(dialect(), Wire.context(true), events(golden));
        FoldedAnswer folded = validate(stream);
        assertThat(folded.isComplete()).isTrue();
        JsonSubset.assertSubset(comparable(golden.expected()), folded.response());
    }

    @ParameterizedTest
    @MethodSource("wholeGoldens")
    @Tag("R34")
    @Tag("R36")
    @Tag("R42")
    void readsBackWhatItWrites(Golden golden) {
        List<Event> events = events(golden);
        byte[] stream = Wire.encode(dialect(), Wire.context(true), events);
        List<Event> again = Wire.decode(dialect(), same(), List.of(stream));
        assertThat(Wire.answer(again)).isEqualTo(Wire.answer(events));
    }

    @ParameterizedTest
    @MethodSource("wholeGoldens")
    void readsAnUnstreamedAnswerAsTheSameMessage(Golden golden) {
        Answer streamed = Wire.answer(events(golden));
        byte[] body = dialect().encodeAnswer(streamed, Wire.context(true));
        List<Event> events = Wire.decodeAnswer(dialect(), same(), body);
        assertThat(Wire.answer(events)).isEqualTo(streamed);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void tellsAFailureWithinTheStream(Golden golden) {
        List<Event> events = events(golden);
        if (!golden.endsInError()) {
            assertThat(events.getLast()).isEqualTo(Event.STOP);
            return;
        }
        Accumulator fold = Wire.fold(events);
        assertThat(fold.complete()).isFalse();
        assertThat(fold.failure()).isPresent();
        golden.note("x_partial_content")
                .filter(JsonNode::isString)
                .ifPresent(text -> assertThat(fold.answer().text()).isEqualTo(text.stringValue()));
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    @Tag("R52")
    void endsAStreamThatFailsInItsOwnWay(FailureCode code) {
        Golden golden = wholeGoldens().getFirst();
        List<Event> events =
                new java.util.ArrayList<>(
                        events(golden).stream()
                                .takeWhile(event -> !(event instanceof Event.BlockStop))
                                .toList());
        events.add(new Event.Failed(Failure.of(code, "what went \"wrong\"\n\u2028")));
        FoldedAnswer folded = validate(Wire.encode(dialect(), Wire.context(true), events));
        assertThat(folded.isComplete()).isFalse();
        assertThat(folded.error()).isPresent();
    }

    // ---- the tap ----

    @ParameterizedTest
    @MethodSource("goldens")
    void watchesWhatTheDecoderReads(Golden golden) {
        List<Event> events = events(golden);
        Accumulator fold = Wire.fold(events);
        Wire.Watched watched = Wire.watch(dialect(), true, golden.bytes());
        assertThat(watched.tap().usage()).isEqualTo(fold.answer().usage());
        assertThat(watched.missing().isPresent()).isEqualTo(fold.failure().isPresent());
        fold.failure()
                .ifPresent(
                        failure -> {
                            assertThat(watched.tap().failure()).contains(failure);
                            assertThat(watched.sights()).contains(Sight.FAILURE);
                        });
        if (fold.complete()) {
            assertThat(watched.tap().stopReason()).contains(fold.answer().stopReason());
            assertThat(watched.sights().stream().filter(Sight.END::equals))
                    .hasSize(endsWithAFrame() ? 1 : 0);
        }
        assertThat(watched.tap().model()).isEqualTo(fold.answer().model());
        assertThat(watched.sights().contains(Sight.CONTENT))
                .isEqualTo(events.stream().anyMatch(Event.Delta.class::isInstance));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void relaysEveryByte(Golden golden) {
        Wire.Watched watched = Wire.watch(dialect(), true, golden.bytes());
        assertThat(utf8(watched.passed())).isEqualTo(utf8(golden.bytes()));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    @Tag("R50")
    void watchesTruncationAsTheDecoderReadsIt(Golden golden) {
        byte[] bytes = golden.bytes();
        for (int end = 0; end < bytes.length; end++) {
            byte[] cut = Arrays.copyOf(bytes, end);
            Accumulator fold = Wire.fold(Wire.decode(dialect(), same(), List.of(cut)));
            Wire.Watched watched = Wire.watch(dialect(), true, cut);
            assertThat(watched.missing().isEmpty()).as("cut at %d", end).isEqualTo(fold.complete());
        }
    }

    // ---- errors ----

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    @Tag("R55")
    void writesEveryFailureAsAnErrorOfItsOwn(FailureCode code) {
        ErrorReply reply =
                dialect().encodeError(Failure.of(code, "what went \"wrong\"\n\u2028"), "req_1");
        assertThat(reply.status()).isBetween(400, 599);
        assertThat(Json.parse(reply.body()).toString()).contains("what went");
        Failure read = dialect().decodeError(reply.status(), reply.headers(), reply.body());
        assertThat(read.message()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "17",
                "[]",
                "{}",
                "[[[[[[[[[[[[[[[[[[[[",
                "{\"error\":",
                "{\"error\":{\"message\":\"cut in the mid",
                "{\"error\":{\"message\":{\"a\":1},\"type\":7,\"code\":[]}}",
                "<html><body>502 Bad Gateway</body></html>",
                "  <!DOCTYPE html>\n<title>x</title>",
                "{\"error\":{\"message\":\"<html>502</html>\"}}",
                "{\"error\":\"\\u0000\\u0007 control\"}",
                "plain words\r\nwith lines",
            })
    @Tag("R54")
    void readsAnythingAsAnError(String body) {
        for (int status : new int[] {301, 400, 401, 404, 418, 429, 500, 502, 503, 529, 599}) {
            Failure failure =
                    dialect()
                            .decodeError(
                                    status, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
            assertThat(failure.message())
                    .isNotBlank()
                    .hasSizeLessThan(600)
                    .doesNotContain("<", "\n", "\r", "\u0000", "\u0007");
            assertThat(failure.status()).isEqualTo(status);
        }
    }

    @Test
    @Tag("R54")
    void readsAnErrorOfManyMegabytesInAFewLines() {
        String body = "{\"error\":{\"message\":\"" + "long ".repeat(1 << 20) + "\"}}";
        Failure failure =
                dialect().decodeError(500, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
        assertThat(failure.message()).hasSizeLessThan(600);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void neverShowsTheGatewaysOwnKeyAsTheClients(int status) {
        String body = "{\"error\":{\"message\":\"Incorrect API key provided: sk-abcd1234\"}}";
        Failure failure =
                dialect().decodeError(status, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
        assertThat(failure.code()).isEqualTo(FailureCode.UPSTREAM_CREDENTIALS);
        assertThat(failure.message()).doesNotContain("sk-abcd1234");
        ErrorReply reply = dialect().encodeError(failure, "req_1");
        assertThat(reply.status()).isBetween(500, 502);
    }

    // ---- requests ----

    @ParameterizedTest
    @MethodSource("requests")
    @Tag("R14")
    void writesTheSameRequestTheSameWay(String json) {
        Request request = decoded(json);
        EncodedRequest first = dialect().encodeRequest(request, Wire.vendor("m"));
        EncodedRequest second = dialect().encodeRequest(decoded(json), Wire.vendor("m"));
        assertThat(utf8(second.body())).isEqualTo(utf8(first.body()));
        assertThat(second.warnings()).isEqualTo(first.warnings());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsBackTheRequestsItWrites(String json) {
        Request request = decoded(json);
        byte[] body = dialect().encodeRequest(request, Wire.vendor(request.model())).body();
        Request again = dialect().decodeRequest(call(body, Wire.vendor(request.model())));
        assertThat(withoutStream(again)).isEqualTo(withoutStream(request));
    }

    private static Request withoutStream(Request request) {
        Request.Builder builder = request.toBuilder();
        builder.stream = false;
        builder.includeUsage = false;
        return builder.build();
    }

    private Request decoded(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return dialect().decodeRequest(call(body, Wire.vendor("m")));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void relaysARequestWithTheModelReplacedAndNothingElse(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        Request request = decoded(json);
        Target other = Wire.vendor("another/\"model\"");
        byte[] relayed =
                dialect().relayRequest(call(body, Wire.vendor("m")), request, other).body();
        Request again = dialect().decodeRequest(call(relayed, other));
        assertThat(again.model()).isEqualTo("another/\"model\"");
        Request.Builder back = again.toBuilder();
        back.model = request.model();
        back.includeUsage = request.includeUsage();
        assertThat(back.build()).isEqualTo(request);
    }

    @Test
    @Tag("S4")
    void refusesANameThatComesTwice() {
        assertThat(decoded(smallestRequest(""))).isNotNull();
        String name = mainMember();
        String variant = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        assertThatThrownBy(() -> decoded(smallestRequest("\"" + name + "\":\"other\",")))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> decoded(smallestRequest("\"" + variant + "\":\"other\",")))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("by case alone");
        assertThatThrownBy(() -> decoded(smallestRequest("\"x\":{\"a\":1,\"a\":2},")))
                .isInstanceOf(MalformedJson.class);
    }

    @ParameterizedTest
    @MethodSource("requests")
    @Tag("S4")
    void refusesANameThatComesTwiceAtAnyDepth(String json) {
        List<String> doubled = DoubledNames.in(json);
        assertThat(doubled).hasSizeGreaterThan(1);
        for (String request : doubled) {
            assertThatThrownBy(() -> decoded(request))
                    .as(request)
                    .isInstanceOf(MalformedJson.class);
        }
    }

    /** Whatever a client calls its model, the request goes to the path of the operation. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9/v1",
                "//127.0.0.1:9/v1",
                "user:pass@127.0.0.1",
                "../../admin",
                "..",
                "a/../../b",
                "a%2f..%2fb",
                "a?key=x#y",
                "a\\b",
                "a b",
                "a\r\nx-evil: y",
                "a\u0000b",
                "ä\u2028\ud83d\ude00",
                "a:generateContent?alt=sse&x="
            })
    @Tag("S1")
    void noNameOfAModelChangesWhereARequestGoes(String model) {
        String plain = dialect().upstreamPath(Operation.GENERATE, Wire.vendor("m"));
        String path = dialect().upstreamPath(Operation.GENERATE, Wire.vendor(model));
        assertThat(path).startsWith("/").doesNotStartWith("//").matches("[!-~]+");
        assertThat(structure(path)).isEqualTo(structure(plain));
        assertThat(path.split("/")).doesNotContain("..", ".");
    }

    /** What takes a path apart. */
    private static String structure(String path) {
        return path.replaceAll("[^/?#&=\\\\]", "");
    }

    /** Bodies that are no request. */
    protected List<String> noRequests() {
        return List.of("", "[]", "17", "{", "{\"model\":", "nonsense", "{\"model\":\"m\"}");
    }

    @ParameterizedTest
    @MethodSource("noRequests")
    void refusesWhatIsNoRequest(String json) {
        assertThatThrownBy(() -> decoded(json)).hasMessageMatching("(?s).+");
    }

    // ---- models ----

    @Test
    void readsBackTheModelsItLists() {
        List<ModelCard> models =
                List.of(
                        new ModelCard("a", "sluice", 1760000000),
                        new ModelCard("org/b:7b-\"q\"", "sluice", 1760000000));
        byte[] body = dialect().encodeModels(models);
        assertThat(dialect().decodeModels(body).stream().map(ModelCard::id))
                .containsExactly("a", "org/b:7b-\"q\"");
        assertThat(nameOf(Json.parse(dialect().encodeModel(models.get(1)))))
                .isEqualTo("org/b:7b-\"q\"");
    }

    /** The name in one model that is shown. */
    protected String nameOf(JsonNode shown) {
        return shown.path("id").stringValue();
    }

    // ---- signs of life ----

    @Test
    @Tag("R7")
    @Tag("R8")
    void writesPingsThatAreNoContent() {
        List<Event> events = events(wholeGoldens().getFirst());
        List<Event> withPings = new java.util.ArrayList<>();
        for (Event event : events) {
            if (!(event instanceof Event.Ping)) {
                withPings.add(Event.PING);
                withPings.add(event);
            }
        }
        byte[] stream = Wire.encode(dialect(), Wire.context(true), withPings);
        assertThat(validate(stream).isComplete()).isTrue();
        assertThat(Wire.answer(Wire.decode(dialect(), same(), List.of(stream))))
                .isEqualTo(Wire.answer(events));
    }
}
