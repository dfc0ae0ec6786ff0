package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Paths of this wire: a model's name, a colon, and what is asked of it.
 *
 * @param model the model's name as people write it
 * @param verb what stands behind the colon, empty if there is none
 */
record GeminiPaths(String model, String verb) {
    static final String GENERATE = "generateContent";
    static final String STREAM = "streamGenerateContent";
    static final String COUNT = "countTokens";

    private static final String MODELS = "models/";
    private static final String TUNED = "tunedModels/";

    /** Reads what stands in a client's path behind {@code models/}, still encoded. */
    static GeminiPaths read(String rest) {
        String path = decoded(rest);
        int colon = path.lastIndexOf(':');
        int slash = path.lastIndexOf('/');
        return colon <= slash
                ? new GeminiPaths(modelName(path), "")
                : new GeminiPaths(modelName(path.substring(0, colon)), path.substring(colon + 1));
    }

    /** The model that a client's path names where nothing but {@link #COUNT} can be asked of it. */
    static String model(String rest) {
        String path = decoded(rest);
        String verb = ":" + COUNT;
        return modelName(
                path.endsWith(verb) ? path.substring(0, path.length() - verb.length()) : path);
    }

    /** A plus sign is one in a path. */
    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return path;
        }
    }

    /** The name without the kind of resource that stands before it. */
    static String modelName(String resource) {
        int models = resource.lastIndexOf("/" + MODELS);
        if (models >= 0) {
            return resource.substring(models + 1 + MODELS.length());
        }
        return resource.startsWith(MODELS) ? resource.substring(MODELS.length()) : resource;
    }

    /** The name with the kind of resource before it. */
    static String resource(String model) {
        return model.startsWith(TUNED) ? model : MODELS + model;
    }

    /** The path of an operation behind an upstream's base URL. */
    static String upstream(Operation operation, Target target) {
        return switch (operation) {
            case GENERATE ->
                    encoded(target.model())
                            + (target.stream() ? ":" + STREAM + "?alt=sse" : ":" + GENERATE);
            case COUNT_TOKENS -> encoded(target.model()) + ":" + COUNT;
            case LIST_MODELS -> "/models";
            case SHOW_MODEL -> encoded(target.model());
            case COMPLETE, EMBED, LIST_LOADED, SHOW_VERSION ->
                    throw new UnsupportedOperationException(operation + " on Gemini");
        };
    }

    private static String encoded(String model) {
        boolean tuned = model.startsWith(TUNED);
        StringBuilder path = new StringBuilder(tuned ? "/" + TUNED : "/" + MODELS);
        String name = tuned ? model.substring(TUNED.length()) : modelName(model);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved((char) (b & 0xff))) {
                path.append((char) b);
            } else {
                path.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xf, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
            }
        }
        return path.toString();
    }

    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
