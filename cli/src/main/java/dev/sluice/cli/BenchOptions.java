package dev.sluice.cli;

import dev.sluice.cli.bench.Load;
import dev.sluice.cli.bench.Slo;
import dev.sluice.client.StreamConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What {@code sluice bench} is told on its command line. */
final class BenchOptions {
    static final Options OPTIONS =
            new Options(
                    new Options.Option("model", "NAME", "as a word; may be repeated"),
                    new Options.Option(
                            "url",
                            "URL",
                            "whom to ask, as with chat; may be repeated: each model of each"),
                    new Options.Option(
                            "dialect",
                            "NAME",
                            "what is spoken there; may be repeated: each of all"),
                    new Options.Option("runs", "N", "streams that are measured; 20"),
                    new Options.Option("warmup", "N", "streams before, for each at a time; 1"),
                    new Options.Option(
                            "concurrency", "N", "streams at a time, a closed loop; 1 if not said"),
                    new Options.Option(
                            "rate", "R", "streams begun in a second, an open loop instead"),
                    new Options.Option("prompt", "TEXT", "what is asked; may be repeated"),
                    new Options.Option("prompts", "FILE", "a file with a prompt on each line"),
                    new Options.Option("system", "TEXT", "an instruction to the model"),
                    new Options.Option("max-tokens", "N", "most tokens of an answer; 256"),
                    new Options.Option("temperature", "T", "0 to 2; the model's own if not said"),
                    new Options.Option("timeout", "SECONDS", "most to the next token; 60"),
                    new Options.Option(
                            "key", "VARIABLE", "where the key is; SLUICE_API_KEY if not said"),
                    new Options.Option(
                            "slo",
                            "LIMITS",
                            "ttft=500ms,tbt=50ms,ttlt=10s,tps=30,good=95%; sets the exit code"),
                    new Options.Option("json", "", "prints JSON instead of the table"),
                    new Options.Option("csv", "", "prints CSV instead of the table"),
                    new Options.Option("html", "FILE", "writes a page with plots, too"));

    private static final String PROMPT = "Tell me a story about a river, in ten sentences.";
    private static final int RUNS = 20;
    private static final int MOST_RUNS = 1_000_000;
    private static final int MOST_AT_A_TIME = 10_000;
    private static final int TIMEOUT = 60;

    /** Every token of every stream is kept. */
    private static final long MOST_TOKENS = 50_000_000;

    private BenchOptions() {}

    /** The load that {@code typed} asks for. */
    static Load load(Options.Typed typed) {
        if (typed.has("rate") && typed.has("concurrency")) {
            throw new UsageException(
                    "--rate begins streams whatever becomes of those before, --concurrency one when"
                            + " another ends: only one of them can be");
        }
        int runs = count(typed, "runs", RUNS, 1, MOST_RUNS);
        StreamConfig config = config(typed);
        if ((long) runs * config.maxTokens() > MOST_TOKENS) {
            throw new UsageException(
                    "--runs times --max-tokens is more than the 50 million tokens that are kept");
        }
        OptionalDouble rate =
                ChatOptions.number(
                                typed, "rate", Double::valueOf, r -> r > 0 && r <= 1e6, "above 0")
                        .map(OptionalDouble::of)
                        .orElse(OptionalDouble.empty());
        return new Load(
                runs,
                count(typed, "warmup", 1, 0, MOST_RUNS),
                count(typed, "concurrency", 1, 1, MOST_AT_A_TIME),
                rate,
                typed.last("system").orElse(""),
                prompts(typed),
                config);
    }

    private static StreamConfig config(Options.Typed typed) {
        StreamConfig.Builder config =
                StreamConfig.builder()
                        // What waits for the reader would slow the model down.
                        .bufferSize(1 << 20)
                        // A second attempt would hide the first.
                        .retries(0)
                        .timeout(Duration.ofSeconds(count(typed, "timeout", TIMEOUT, 1, 86_400)))
                        .maxTokens(count(typed, "max-tokens", 256, 1, 10_000_000));
        ChatOptions.number(typed, "temperature", Double::valueOf, t -> t >= 0 && t <= 2, "0 to 2")
                .ifPresent(config::temperature);
        return config.build();
    }

    private static int count(Options.Typed typed, String option, int usual, int least, int most) {
        return ChatOptions.number(
                        typed,
                        option,
                        Integer::valueOf,
                        n -> n >= least && n <= most,
                        least + " to " + most)
                .orElse(usual);
    }

    private static List<String> prompts(Options.Typed typed) {
        List<String> prompts = new ArrayList<>(typed.all("prompt"));
        for (String file : typed.all("prompts")) {
            try {
                Files.readAllLines(Path.of(file)).stream()
                        .filter(line -> !line.isBlank())
                        .forEach(prompts::add);
            } catch (IOException | InvalidPathException unreadable) {
                throw new UsageException(
                        "--prompts: " + UsageException.shown(file) + " cannot be read");
            }
        }
        return prompts.isEmpty() ? List.of(PROMPT) : prompts;
    }

    /** What {@code typed} expects of the streams. */
    static Optional<Slo> slo(Options.Typed typed) {
        return typed.last("slo")
                .map(
                        text -> {
                            try {
                                return Slo.of(text);
                            } catch (IllegalArgumentException wrong) {
                                throw new UsageException("--slo: " + wrong.getMessage());
                            }
                        });
    }
}
