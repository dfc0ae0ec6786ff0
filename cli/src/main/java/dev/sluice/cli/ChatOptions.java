package dev.sluice.cli;

import dev.sluice.client.StreamConfig;
import dev.sluice.client.TokenBudget;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.Secret;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What {@code sluice chat} is told on its command line and by the environment. */
final class ChatOptions {
    static final Options OPTIONS =
            new Options(
                    new Options.Option(
                            "url",
                            "URL",
                            "whom to ask; the gateway on 127.0.0.1:8080 if not said and one runs"),
                    new Options.Option(
                            "dialect", "NAME", "what is spoken there; found by asking if not said"),
                    new Options.Option(
                            "model", "NAME", "a model there, or a GGUF file to read here"),
                    new Options.Option("system", "TEXT", "an instruction to the model"),
                    new Options.Option("max-tokens", "N", "most tokens of an answer; 4096"),
                    new Options.Option("temperature", "T", "0 to 2; the model's own if not said"),
                    new Options.Option(
                            "key", "VARIABLE", "where the key is; SLUICE_API_KEY if not said"),
                    new Options.Option(
                            "budget", "N", "tokens that all questions and answers may take"));

    private static final String KEY_VARIABLE = "SLUICE_API_KEY";
    private static final int MOST_TOKENS = 4096;

    /** Models that are read from a disk first take their time. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private ChatOptions() {}

    /** Whom {@code typed} wants to ask. */
    static Answerers.Wish wish(Options.Typed typed, Map<String, String> env) {
        return new Answerers.Wish(
                typed.last("url"),
                typed.last("dialect").map(ChatOptions::dialect),
                typed.last("model"),
                key(typed, env));
    }

    /** The dialect called {@code word}. */
    static DialectKind dialect(String word) {
        List<String> words = Arrays.stream(DialectKind.values()).map(DialectKind::word).toList();
        return Arrays.stream(DialectKind.values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown("dialect", word, words));
    }

    /** The key of the variable that {@code typed} names. */
    static Optional<Secret> key(Options.Typed typed, Map<String, String> env) {
        String variable = typed.last("key").orElse(KEY_VARIABLE);
        String key = env.getOrDefault(variable, "").strip();
        if (key.isEmpty()) {
            if (typed.has("key")) {
                throw new UsageException(
                        "--key: the environment has no "
                                + UsageException.shown(variable)
                                + " (expected: the name of a variable that holds the key)");
            }
            return Optional.empty();
        }
        return Optional.of(UsageException.of(variable, () -> Secret.of(key)));
    }

    /** How answers run. */
    static StreamConfig config(Options.Typed typed) {
        StreamConfig.Builder config = StreamConfig.builder().timeout(PATIENCE);
        config.maxTokens(
                number(typed, "max-tokens", Integer::valueOf, n -> n > 0, "a number from 1")
                        .orElse(MOST_TOKENS));
        number(typed, "temperature", Double::valueOf, t -> t >= 0 && t <= 2, "0 to 2")
                .ifPresent(config::temperature);
        number(typed, "budget", Long::valueOf, n -> n > 0, "a number from 1")
                .ifPresent(tokens -> config.tokenBudget(TokenBudget.of(tokens)));
        return config.build();
    }

    /** The number that an option says; {@code expected} names those that {@code fits}. */
    static <T> Optional<T> number(
            Options.Typed typed,
            String option,
            Function<String, T> parse,
            Function<T, Boolean> fits,
            String expected) {
        Optional<String> text = typed.last(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            T number = parse.apply(text.get());
            if (fits.apply(number)) {
                return Optional.of(number);
            }
        } catch (NumberFormatException notOne) {
            // Said below, as for one that does not fit.
        }
        throw new UsageException(
                "--"
                        + option
                        + ": "
                        + UsageException.shown(text.get())
                        + " does not fit (expected: "
                        + expected
                        + ")");
    }
}
