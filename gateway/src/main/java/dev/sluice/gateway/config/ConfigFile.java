package dev.sluice.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A configuration in a YAML file. */
public final class ConfigFile {

    private static final int MOST_BYTES = 1 << 20;

    /**
     * What became of a file: a configuration as good as could be made of it, and everything noted
     * on the way.
     */
    record Outcome(Config config, Reading reading) {

        /** A problem of the configuration, at the place in the file that it comes from. */
        Problem placed(Problem problem) {
            String list = problem.path().replaceAll("\\[[0-9]+\\]$", ".to$0");
            return reading.node(problem.path())
                    .or(() -> reading.node(list))
                    .map(node -> placed(problem, node))
                    .orElse(problem);
        }

        private static Problem placed(Problem problem, Node node) {
            Problem here =
                    new Problem(
                            Optional.of(node.place()),
                            node.path(),
                            problem.what(),
                            problem.nearest(),
                            problem.expected());
            return node instanceof Node.Scalar scalar && scalar.isExpanded()
                    ? hidden(here, scalar)
                    : here;
        }

        /**
         * Where the environment had a part in a value, what the file says is shown, and not what
         * became of it.
         */
        private static Problem hidden(Problem problem, Node.Scalar scalar) {
            String written = Wording.quote(scalar.written());
            String what = problem.what().replace(Wording.quote(scalar.text()), written);
            String said =
                    what.contains(written) ? what : written + " leads to no provider or model";
            return new Problem(
                    problem.place(), problem.path(), said, Optional.empty(), problem.expected());
        }
    }

    private ConfigFile() {}

    /**
     * Reads a file, in which quirks may have any name.
     *
     * @param env what {@code ${NAME}} is looked up in, and which providers routes may lead to
     *     besides the file's own
     * @throws ConfigException with every problem of the file
     */
    public static Config read(Path file, Map<String, String> env) {
        return read(outcome(file, env, Optional.empty()), env);
    }

    /** Reads a file, in which quirks have names of {@code quirks}. */
    public static Config read(Path file, Map<String, String> env, Set<String> quirks) {
        return read(outcome(file, env, Optional.of(quirks)), env);
    }

    private static Config read(Outcome outcome, Map<String, String> env) {
        List<Problem> problems = problems(outcome, env);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return outcome.config();
    }

    /** Reads a file as far as it can be read. */
    static Outcome outcome(Path file, Map<String, String> env, Optional<Set<String>> quirks) {
        Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
        Reading reading = new Reading(file.toString(), folder, env, quirks);
        Config config =
                source(file, reading)
                        .flatMap(source -> YamlTree.read(source, reading))
                        .flatMap(root -> Schema.ROOT.read(root, reading))
                        .orElse(Config.defaults());
        return new Outcome(config, reading);
    }

    /** What is wrong with the file, and with what its parts say of each other. */
    static List<Problem> problems(Outcome outcome, Map<String, String> env) {
        List<String> others = new ArrayList<>(ProvidersFromEnvironment.names(env));
        if (outcome.reading().node("providers").orElse(null) instanceof Node.Mapping providers) {
            // A provider that could not be read is no reason to object to its routes.
            providers.entries().stream()
                    .map(Node.Entry::key)
                    .filter(name -> outcome.config().provider(name).isEmpty())
                    .forEach(others::add);
        }
        References.dangling(outcome.config(), others).stream()
                .map(outcome::placed)
                .forEach(outcome.reading()::note);
        return outcome.reading().problems();
    }

    private static Optional<String> source(Path file, Reading reading) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                return refused(reading, "is too large", "at most " + Units.SIZE.format(MOST_BYTES));
            }
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (NoSuchFileException absent) {
            return refused(reading, "no such file", "a YAML file");
        } catch (CharacterCodingException binary) {
            return refused(reading, "is not text", "a YAML file in UTF-8");
        } catch (IOException unreadable) {
            String what = Files.isDirectory(file) ? "is a folder" : "cannot be read";
            return refused(reading, what, "a YAML file that this user may read");
        }
    }

    private static Optional<String> refused(Reading reading, String what, String expected) {
        reading.note(Problem.of(reading.file(), what).expecting(expected));
        return Optional.empty();
    }
}
