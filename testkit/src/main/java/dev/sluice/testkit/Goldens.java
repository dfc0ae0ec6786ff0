package dev.sluice.testkit;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The golden files, from the class path folder {@code golden}. A new file is found without being
 * listed anywhere.
 */
public final class Goldens {
    private static final List<String> BODIES = List.of(".sse", ".ndjson", ".bin");

    private Goldens() {}

    /** All transcripts of OpenAI Chat Completions, in the order of their names. */
    public static List<Golden> openAiChat() {
        return of("openai-chat");
    }

    /** All transcripts of OpenAI Responses, in the order of their names. */
    public static List<Golden> openAiResponses() {
        return of("openai-responses");
    }

    /** All transcripts of Anthropic Messages, in the order of their names. */
    public static List<Golden> anthropic() {
        return of("anthropic");
    }

    /** All transcripts of Ollama's API, in the order of their names. */
    public static List<Golden> ollama() {
        return of("ollama");
    }

    /** All transcripts of Gemini's API, in the order of their names. */
    public static List<Golden> gemini() {
        return of("gemini");
    }

    /**
     * The transcripts of Amazon Bedrock's ConverseStream that a reader takes to their end, in the
     * order of their names. Those from 90 on are damaged.
     */
    public static List<Golden> bedrock() {
        return of("bedrock").stream().filter(golden -> golden.name().compareTo("9") < 0).toList();
    }

    /** The transcripts of one folder, in the order of their names. */
    public static List<Golden> of(String dialect) {
        List<Golden> goldens = new ArrayList<>();
        for (String file : files(dialect)) {
            Optional<String> body = BODIES.stream().filter(file::endsWith).findFirst();
            if (body.isPresent()) {
                String name = file.substring(0, file.length() - body.get().length());
                JsonNode expected = Json.parse(bytes(dialect + "/" + name + ".expected.json"));
                goldens.add(new Golden(dialect, name, bytes(dialect + "/" + file), expected));
            }
        }
        if (goldens.isEmpty()) {
            throw new IllegalArgumentException("no golden files: " + dialect);
        }
        return List.copyOf(goldens);
    }

    /** The one transcript whose name starts so: {@code one("anthropic", "04")}. */
    public static Golden one(String dialect, String prefix) {
        List<Golden> found =
                of(dialect).stream().filter(golden -> golden.name().startsWith(prefix)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    dialect + "/" + prefix + ": " + found.size() + " files (expected: one)");
        }
        return found.getFirst();
    }

    /**
     * The bytes of any golden file, by its path below {@code golden}: {@code
     * anthropic/error-429.response.json}.
     */
    public static byte[] bytes(String path) {
        try (InputStream in = Goldens.class.getResourceAsStream("/golden/" + path)) {
            if (in == null) {
                throw new IllegalArgumentException("no golden file: " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> files(String folder) {
        URL url = Goldens.class.getResource("/golden/" + folder);
        if (url == null) {
            throw new IllegalArgumentException("no golden folder: " + folder);
        }
        try {
            URI uri = url.toURI();
            if (!uri.getScheme().equals("jar")) {
                return names(Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return names(jar.getPath("/golden/" + folder));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
