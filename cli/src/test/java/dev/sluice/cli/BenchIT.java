package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.Ports;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

/** {@code sluice bench} before a real gateway with the simulated model. */
class BenchIT {
    private static Served served;

    @TempDir private Path folder;

    @BeforeAll
    static void serve() {
        served = QuietGateway.start();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static Typed bench(String... args) {
        List<String> all =
                new ArrayList<>(List.of("bench", "--url", "http://127.0.0.1:" + served.port()));
        all.addAll(Arrays.asList(args));
        return Typed.run(all.toArray(String[]::new));
    }

    @Test
    void measuresSeveralModels() {
        Typed measured =
                bench("simulated/n5-i1-t0", "simulated/n5-i30-t300", "--runs=3", "--warmup=0");

        assertThat(measured.code()).as(measured.err()).isZero();
        assertThat(measured.out().lines()).hasSize(5);
        assertThat(measured.out().lines().toList().get(2))
                .startsWith("simulated/n5-i1-t0")
                .endsWith(" 0/3")
                .contains("*");
        assertThat(measured.out().lines().toList().get(3)).startsWith("simulated/n5-i30-t300");
        assertThat(measured.err()).isEmpty();
    }

    @Test
    void tellsEveryTokenOfEveryStream() {
        Typed measured =
                bench(
                        "simulated/n7-i2-t20",
                        "--runs=4",
                        "--concurrency=2",
                        "--json",
                        "--prompt=Hi");
        JsonNode json = Json.parse(measured.out());
        JsonNode subject = json.at("/subjects/0");

        assertThat(measured.code()).isZero();
        assertThat(json.at("/load/concurrency").asInt()).isEqualTo(2);
        assertThat(json.at("/load/prompts/0").asString()).isEqualTo("Hi");
        assertThat(subject.at("/name").asString()).isEqualTo("simulated/n7-i2-t20");
        assertThat(subject.at("/samples").size()).isEqualTo(4);
        for (JsonNode sample : subject.at("/samples")) {
            assertThat(sample.at("/tokens").asInt()).isEqualTo(7);
            double before = 0;
            for (JsonNode arrival : sample.at("/arrivals_ms")) {
                assertThat(arrival.asDouble()).isGreaterThanOrEqualTo(before);
                before = arrival.asDouble();
            }
            assertThat(sample.at("/ttft_ms").asDouble()).isBetween(20.0, before);
            assertThat(sample.at("/ttlt_ms").asDouble()).isEqualTo(before);
        }
        assertThat(subject.at("/ttft_ms/count").asInt()).isEqualTo(4);
        assertThat(subject.at("/ttft_ms/min").asDouble()).isGreaterThanOrEqualTo(20);
    }

    /**
     * Streams of 200 ms, one due each 10 ms: those that began late would hide what they waited if
     * their times counted from their beginning. All of them are under way at once.
     */
    @Test
    void anOpenLoopWaitsForNobody() {
        Typed measured =
                bench("simulated/n3-i100-t0", "--runs=10", "--rate=100", "--warmup=0", "--json");
        JsonNode samples = Json.parse(measured.out()).at("/subjects/0/samples");

        assertThat(samples.size()).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            assertThat(samples.get(i).at("/due_ms").asDouble()).isEqualTo(10.0 * i);
            assertThat(samples.get(i).at("/ttlt_ms").asDouble()).isGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void writesALineForEachStream() {
        Typed measured =
                bench("simulated/n4-i1-t0", "simulated/error-midway-i0-t0", "--runs=2", "--csv");
        List<String> lines = measured.out().lines().toList();

        assertThat(measured.code()).isEqualTo(1);
        assertThat(lines).hasSize(5);
        int columns = lines.getFirst().split(",", -1).length;
        assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(columns));
        assertThat(lines.get(1)).startsWith("simulated/n4-i1-t0,").endsWith(",4,");
        assertThat(lines.get(4)).matches(".*,10,[a-z_]+");
    }

    @Test
    void writesOnePageThatNeedsNothingElse() throws Exception {
        Path file = folder.resolve("bench.html");
        Typed measured =
                bench(
                        "simulated/n5-i1-t0",
                        "simulated/n9-i1-t0",
                        "simulated/error-midway-i0-t0",
                        "--runs=3",
                        "--slo=ttft=10s",
                        "--html",
                        file.toString());
        String page = Files.readString(file);
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());

        assertThat(measured.code()).isEqualTo(3);
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(4);
        NodeList points = document.getElementsByTagName("circle");
        assertThat(points.getLength()).isEqualTo(2 * 2 * 3);
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(page).doesNotContain("src=", "href=", "url(", "@import", "NaN", "Infinity");
        assertThat(page).contains("prefers-color-scheme: dark", "10s, good=100%: missed");
        NodeList rows = document.getElementsByTagName("tr");
        assertThat(rows.getLength()).isEqualTo(4);
        assertThat(rows.item(3).getTextContent()).contains("simulated/error-midway-i0-t0", "3/3");
        assertThat(page).containsPattern(">simulated/error-midway-i0-t0: 3 × [a-z_]+</p>");
    }

    @Test
    void theObjectiveSetsTheExitCode() {
        assertThat(bench("simulated/n3-i1-t0", "--runs=2", "--slo=ttft=60s").code()).isZero();
        assertThat(bench("simulated/n3-i1-t50", "--runs=2", "--slo=ttft=49ms").code()).isEqualTo(3);
        assertThat(bench("simulated/error-i0-t0", "--runs=2", "--slo=ttft=60s").code())
                .isEqualTo(3);
        assertThat(bench("simulated/error-i0-t0", "--runs=2").out()).contains("2 × rate_limit");
    }

    @Test
    void measuresEachDialect() {
        Typed measured =
                bench(
                        "simulated/n3-i1-t0",
                        "--dialect=openai-chat",
                        "--dialect=anthropic",
                        "--dialect=ollama",
                        "--runs=2");

        assertThat(measured.code()).as(measured.toString()).isZero();
        assertThat(measured.out())
                .contains("(openai-chat)", "(anthropic)", "(ollama)")
                .doesNotContain("1/2", "2/2");
    }

    @Test
    void takesPromptsInTurn() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts"), "one two three\n\nfour\n");
        Typed measured =
                bench(
                        "simulated/echo-i0-t0",
                        "--runs=4",
                        "--json",
                        "--prompts",
                        prompts.toString());
        List<Integer> tokens = new ArrayList<>();
        Json.parse(measured.out())
                .at("/subjects/0/samples")
                .forEach(sample -> tokens.add(sample.at("/arrivals_ms").size()));

        assertThat(tokens).containsExactly(3, 1, 3, 1);
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() {
        assertThat(bench("m", "--rate=1", "--concurrency=2").err()).contains("only one of them");
        assertThat(bench("m", "--runs=0").err())
                .isEqualTo("sluice: --runs: 0 does not fit (expected: 1 to 1000000)\n");
        assertThat(bench("m", "--slo=tps").err()).startsWith("sluice: --slo: tps: ");
        assertThat(bench("m", "--json", "--csv").code()).isEqualTo(2);
        assertThat(bench("m", "--runs=1000000", "--max-tokens=1000").err()).contains("50 million");
        assertThat(bench("m", "--prompts=" + folder.resolve("none")).err())
                .contains("cannot be read");
        assertThat(Typed.run("bench", "--url=http://127.0.0.1:" + Ports.refusing(), "m").code())
                .isEqualTo(1);
        assertThat(Typed.run("bench", "--help").out()).contains("--slo LIMITS", "Exit codes");
    }
}
