package dev.sluice.gateway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A single value. Where the environment had a part in it, problems show what the file says and not
 * what became of it; and some values they show not at all.
 *
 * @param parse makes the value, or throws an {@link InvalidValue} that has no subject
 * @param mayShow whether problems may repeat what a file says
 */
record Single<T>(
        String expected,
        BiFunction<String, Reading, T> parse,
        Function<T, String> formatter,
        Predicate<String> mayShow)
        implements Shape<T> {

    private static final int LONGEST_TEXT = 4096;

    /** Values that {@code parse} makes and problems may show. */
    static <T> Single<T> of(String expected, Function<String, T> parse) {
        return new Single<>(expected, (text, _) -> parse.apply(text), String::valueOf, _ -> true);
    }

    /** Numbers, sizes or durations. */
    static <T extends Comparable<T>> Single<T> of(Range<T> range) {
        return new Single<>(
                range.expected(), (text, _) -> range.parse(text), range::format, _ -> true);
    }

    /** Names of a kind. */
    static Single<String> of(Names names) {
        return of(names.expected(), names::parse);
    }

    /** One of the words of an enum. */
    static <T extends Enum<T> & Word> Single<T> of(Class<T> type) {
        List<T> all = Arrays.asList(type.getEnumConstants());
        List<String> words = all.stream().map(Word::word).toList();
        return new Single<>(
                Wording.either(words),
                (text, _) -> all.get(index(text, words)),
                Word::word,
                _ -> true);
    }

    /** {@code true} or {@code false}. */
    static Single<Boolean> ofTruth() {
        List<String> words = List.of("true", "false");
        return of(Wording.either(words), text -> index(text, words) == 0);
    }

    /** Any text that is not too long. */
    static Single<String> ofText() {
        return of("text", Single::bounded);
    }

    /** A text that nobody may see; {@code parse} objects to some. */
    static <T> Single<T> ofSecret(String expected, Function<String, T> parse) {
        return new Single<>(expected, (text, _) -> parse.apply(text), _ -> "***", _ -> false);
    }

    /** A URL, shown where it cannot hold a password. */
    static Single<ProviderUrl> ofUrl() {
        return new Single<>(
                "a URL like http://127.0.0.1:8081/v1",
                (text, _) -> ProviderUrl.of(text),
                ProviderUrl::toString,
                text -> !ProviderUrl.mayHoldSecret(text));
    }

    /** A file that can be read, as a path that starts at the configuration's folder. */
    static Single<Path> ofFile() {
        return new Single<>(
                "the path of a file, relative to the configuration",
                Single::file,
                Path::toString,
                _ -> true);
    }

    /** A folder, as a path that starts at the configuration's folder. */
    static Single<Path> ofFolder() {
        return new Single<>(
                "the path of a folder, relative to the configuration",
                Single::folder,
                Path::toString,
                _ -> true);
    }

    @Override
    public Optional<T> read(Node node, Reading reading) {
        if (!(node instanceof Node.Scalar scalar)) {
            reading.noteShape(node, expected);
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(scalar.text(), reading));
        } catch (InvalidValue invalid) {
            reading.note(node, objection(invalid.problem(), scalar));
            return Optional.empty();
        }
    }

    @Override
    public String format(T value) {
        return formatter.apply(value);
    }

    private Problem objection(Problem problem, Node.Scalar scalar) {
        boolean seen = mayShow.test(scalar.text()) && !scalar.written().isEmpty();
        // A suggestion is made of the value; where the environment had a part in it, it would tell.
        Optional<String> nearest =
                seen && !scalar.isExpanded() ? problem.nearest() : Optional.empty();
        return Problem.of("", problem.what())
                .about(seen ? Wording.quote(scalar.written()) : "")
                .near(nearest)
                .expecting(problem.expected().orElse(expected));
    }

    private static int index(String text, List<String> words) {
        int index = words.indexOf(text);
        if (index < 0) {
            throw new InvalidValue(Problem.of("", "is unknown").near(NearestWord.of(text, words)));
        }
        return index;
    }

    private static String bounded(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw InvalidValue.of("", "is too long", "at most " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    private static Path folder(String text, Reading reading) {
        try {
            Path path = reading.folder().resolve(bounded(text));
            if (!text.isEmpty() && Files.isDirectory(path)) {
                return path;
            }
            throw new InvalidValue(Problem.of("", "is not a folder"));
        } catch (InvalidPathException invalid) {
            throw new InvalidValue(Problem.of("", "is not a path"));
        }
    }

    private static Path file(String text, Reading reading) {
        try {
            Path path = reading.folder().resolve(bounded(text));
            if (!text.isEmpty() && Files.isRegularFile(path) && Files.isReadable(path)) {
                return path;
            }
            throw new InvalidValue(Problem.of("", "is not a file that can be read"));
        } catch (InvalidPathException invalid) {
            throw new InvalidValue(Problem.of("", "is not a path"));
        }
    }
}
