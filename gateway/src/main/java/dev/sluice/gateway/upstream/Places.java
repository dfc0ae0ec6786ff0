package dev.sluice.gateway.upstream;

import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.ProviderUrl;

import java.util.List;

/**
 * The addresses that a provider's URL can mean. People give a server's root, or its root and {@code
 * /v1}, or paste the whole address of one operation.
 *
 * @param url the URL without an operation at its end
 * @param root the URL without {@code /v1} too
 */
record Places(String url, String root) {
    private static final String V1 = "/v1";
    private static final String API = "/api";

    /** What is pasted along; the longer ones first. */
    private static final List<String> OPERATIONS =
            List.of(
                    "/chat/completions",
                    "/completions",
                    "/responses",
                    "/messages",
                    "/models",
                    "/api/chat",
                    "/api/generate",
                    "/api/tags");

    static Places of(ProviderUrl given) {
        String url = given.toString();
        for (String operation : OPERATIONS) {
            if (given.path().endsWith(operation)) {
                url = url.substring(0, url.length() - operation.length());
                break;
            }
        }
        boolean below = url.endsWith(V1);
        return new Places(url, below ? url.substring(0, url.length() - V1.length()) : url);
    }

    /** The root and {@code /v1}. */
    String v1() {
        return root + V1;
    }

    /** The root as Ollama's own paths, which begin with {@code /api}, go on from it. */
    String beforeApi() {
        return root.endsWith(API) ? root.substring(0, root.length() - API.length()) : root;
    }

    /** The URL with a version of Gemini's API at its end: its own, or the usual one. */
    String version() {
        return url.indexOf('/', url.indexOf("://") + 3) < 0 ? url + "/v1beta" : url;
    }

    /** Whether the URL has a path that is not {@code /v1} at the server's root. */
    boolean hasPathOfItsOwn() {
        return !url.equals(v1()) && root.indexOf('/', root.indexOf("://") + 3) >= 0;
    }

    /**
     * Where the dialect's paths begin if nobody can be asked: Anthropic's name {@code /v1} and
     * Ollama's {@code /api} themselves, OpenAI's and Gemini's do not name theirs.
     */
    String base(DialectKind dialect) {
        return switch (dialect) {
            case ANTHROPIC -> root;
            case OLLAMA -> beforeApi();
            case GEMINI -> version();
            case BEDROCK -> url;
            case OPENAI_CHAT, OPENAI_RESPONSES -> hasPathOfItsOwn() ? url : v1();
        };
    }
}
