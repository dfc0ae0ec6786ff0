package dev.sluice.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class SigV4Test {
    private static final AwsCredentials EXAMPLE =
            new AwsCredentials(
                    "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());
    private static final Instant SUITE_TIME = Instant.parse("2015-08-30T12:36:00Z");
    private static final Instant NOW = Instant.parse("2025-11-21T10:20:30Z");
    private static final String PATH = "/model/a.model-v1%3A0/converse";
    private static final byte[] BODY = utf8("{\"messages\":[]}");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The test suite that AWS publishes, as far as it concerns what is signed here. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/||5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "POST|/||5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
                "GET|/ሴ||8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
                "GET|/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz||07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
                "GET|/|Param2=value2&Param1=value1|b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            })
    void signsAsThePublishedSuite(String method, String path, String query, String signature) {
        String asked = query == null ? "" : query;
        Headers headers =
                Headers.of("Host", "example.amazonaws.com", "X-Amz-Date", "20150830T123600Z");
        SigV4.Signed signed =
                new SigV4.Signed(
                        method,
                        SigV4.encodedPath(path),
                        asked,
                        SigV4.sorted(headers.all()),
                        SigV4.sha256(new byte[0]));
        assertThat(
                        SigV4.signature(
                                signed,
                                SigV4.time(SUITE_TIME),
                                new SigV4.Scope("20150830", "us-east-1", "service"),
                                EXAMPLE.secretKey()))
                .isEqualTo(signature);
    }

    @Test
    void trimsValuesAsThePublishedSuite() {
        Headers headers =
                Headers.of(
                        "Host", "example.amazonaws.com",
                        "My-Header1", " value1",
                        "My-Header2", " \"a   b   c\"",
                        "X-Amz-Date", "20150830T123600Z");
        SigV4.Signed signed =
                new SigV4.Signed(
                        "GET", "/", "", SigV4.sorted(headers.all()), SigV4.sha256(new byte[0]));
        assertThat(
                        SigV4.signature(
                                signed,
                                SigV4.time(SUITE_TIME),
                                new SigV4.Scope("20150830", "us-east-1", "service"),
                                EXAMPLE.secretKey()))
                .isEqualTo("acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
    }

    static List<JsonNode> vectors() {
        List<JsonNode> cases = new ArrayList<>();
        Json.parse(Goldens.bytes("bedrock/sigv4.vectors.json")).path("cases").forEach(cases::add);
        return cases;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void signsAsTheWorkedExamples(JsonNode example) {
        JsonNode headers = example.path("headers");
        Optional<String> token =
                headers.has("x-amz-security-token")
                        ? Optional.of(headers.path("x-amz-security-token").stringValue())
                        : Optional.empty();
        Headers signed =
                SigV4.sign(
                        example.path("method").stringValue(),
                        example.path("path_on_wire").stringValue(),
                        Headers.of(
                                "Host", headers.path("host").stringValue(),
                                "content-type", "application/json",
                                "accept", headers.path("accept").stringValue()),
                        utf8(example.path("body").stringValue()),
                        new AwsCredentials(EXAMPLE.accessKey(), EXAMPLE.secretKey(), token),
                        example.path("region").stringValue(),
                        NOW);
        for (Header header : signed.all()) {
            assertThat(header.value())
                    .as(header.name())
                    .isEqualTo(headers.path(header.name()).stringValue());
        }
        assertThat(signed.all()).hasSize(token.isPresent() ? 4 : 3);
    }

    // ---- the other side ----

    private static Headers signed(AwsCredentials credentials, String path, byte[] body) {
        Headers own = Headers.of("host", "127.0.0.1:8080", "content-type", "application/json");
        List<Header> all = new ArrayList<>(own.all());
        all.addAll(SigV4.sign("POST", path, own, body, credentials, "us-east-1", NOW).all());
        return new Headers(all);
    }

    private static Optional<Failure> problem(
            Headers headers, String path, byte[] body, Instant at) {
        return SigV4Check.of(headers)
                .orElseThrow()
                .problem(
                        "POST", path, "", headers, "127.0.0.1:8080", body, EXAMPLE.secretKey(), at);
    }

    private static Headers changed(Headers headers, String name, String from, String to) {
        List<Header> all = new ArrayList<>();
        for (Header header : headers.all()) {
            boolean meant = header.name().equals(name);
            String value = meant ? header.value().replace(from, to) : header.value();
            all.add(new Header(header.name(), value));
        }
        return new Headers(all);
    }

    @Test
    void acceptsWhatItHasSigned() {
        Headers headers = signed(EXAMPLE, PATH, BODY);
        assertThat(problem(headers, PATH, BODY, NOW)).isEmpty();
        assertThat(SigV4Check.of(headers).orElseThrow().accessKey()).isEqualTo("AKIDEXAMPLE");
    }

    @Test
    void acceptsAPathThatWasSignedAsItIsOnTheWire() {
        Headers own = Headers.of("host", "127.0.0.1:8080", "x-amz-date", SigV4.time(NOW));
        SigV4.Scope scope = new SigV4.Scope("20251121", "eu-west-1", "bedrock");
        SigV4.Signed once =
                new SigV4.Signed("POST", PATH, "", SigV4.sorted(own.all()), SigV4.sha256(BODY));
        String signature = SigV4.signature(once, SigV4.time(NOW), scope, EXAMPLE.secretKey());
        List<Header> all = new ArrayList<>(own.all());
        all.add(
                new Header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"
                                + scope
                                + ",SignedHeaders=host;x-amz-date,Signature="
                                + signature));
        assertThat(problem(new Headers(all), PATH, BODY, NOW)).isEmpty();
    }

    @Test
    void refusesWhateverWasChanged() {
        Headers headers = signed(EXAMPLE, PATH, BODY);
        assertThat(problem(headers, PATH + "-stream", BODY, NOW)).isPresent();
        assertThat(problem(headers, PATH, utf8("{}"), NOW)).isPresent();
        assertThat(problem(changed(headers, "content-type", "json", "xml"), PATH, BODY, NOW))
                .isPresent();
        assertThat(problem(changed(headers, "x-amz-date", "30Z", "31Z"), PATH, BODY, NOW))
                .isPresent();
        assertThat(
                        problem(
                                changed(headers, "authorization", "us-east-1", "us-west-1"),
                                PATH,
                                BODY,
                                NOW))
                .isPresent();
        AwsCredentials other = new AwsCredentials("AKIDEXAMPLE", "another", Optional.empty());
        Failure failure = problem(signed(other, PATH, BODY), PATH, BODY, NOW).orElseThrow();
        assertThat(failure.code()).isEqualTo(FailureCode.AUTHENTICATION);
        assertThat(failure.vendorCode()).isEqualTo("InvalidSignatureException");
        assertThat(failure.message()).doesNotContain(EXAMPLE.secretKey());
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301, 100_000, -100_000})
    void refusesAClockThatIsFarOff(long seconds) {
        Headers headers = signed(EXAMPLE, PATH, BODY);
        assertThat(problem(headers, PATH, BODY, NOW.plusSeconds(seconds)).orElseThrow().message())
                .startsWith("Signature expired");
        assertThat(problem(headers, PATH, BODY, NOW.plus(Duration.ofMinutes(5)))).isEmpty();
        assertThat(problem(headers, PATH, BODY, NOW.minus(Duration.ofMinutes(5)))).isEmpty();
    }

    @Test
    void refusesASignatureThatCoversTooLittle() {
        for (String name : List.of("host", "x-amz-date")) {
            Headers headers = changed(signed(EXAMPLE, PATH, BODY), "authorization", name, "accept");
            assertThat(problem(headers, PATH, BODY, NOW).orElseThrow().message())
                    .contains("must be among the signed fields");
        }
        Headers headers = changed(signed(EXAMPLE, PATH, BODY), "authorization", "bedrock/", "s3/");
        assertThat(problem(headers, PATH, BODY, NOW).orElseThrow().message())
                .contains("another service");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer x",
                "AWS4-HMAC-SHA256 ",
                "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=00",
                "AWS4-HMAC-SHA256 Credential=a/20251121/r/bedrock/aws4_request",
                "AWS4-HMAC-SHA256 Credential=a/20251121/r/bedrock/other, SignedHeaders=host,"
                        + " Signature=00",
                "AWS4-HMAC-SHA256 Credential=a/20251121/r/bedrock/aws4_request, SignedHeaders=,"
                        + " Signature=00"
            })
    void takesNothingElseForASignature(String field) {
        assertThat(SigV4Check.of(Headers.of("authorization", field))).isEmpty();
    }

    @Test
    void takesKeysWithSlashesApart() {
        SigV4Check check =
                SigV4Check.of(
                                Headers.of(
                                        "authorization",
                                        "AWS4-HMAC-SHA256"
                                            + " Credential=sk/a/b/20251121/r/bedrock/aws4_request,"
                                            + " SignedHeaders=host, Signature=00"))
                        .orElseThrow();
        assertThat(check.accessKey()).isEqualTo("sk/a/b");
        assertThat(check.toString()).doesNotContain("sk/a/b");
    }

    @Test
    void keepsSecretsToItself() {
        AwsCredentials credentials = new AwsCredentials("id", "secret", Optional.of("token"));
        assertThat(credentials.toString()).contains("id").doesNotContain("secret", "token");
        assertThat(credentials)
                .isEqualTo(new AwsCredentials("id", "secret", Optional.of("token")))
                .isNotEqualTo(new AwsCredentials("id", "secreT", Optional.of("token")));
        assertThatThrownBy(() -> new AwsCredentials("id", "two words", Optional.empty()))
                .hasMessageContaining("secretKey")
                .hasMessageNotContaining("words");
    }
}
