package dev.sluice.gateway.upstream;

import java.util.List;
import java.util.function.Predicate;

/**
 * One question that tells servers apart, and the answer by which one gives itself away.
 *
 * @param server the kind of server that answers so
 * @param path the path below the server's root
 * @param answer what the answer looks like there and nowhere else
 */
record Probe(String server, String path, Predicate<Reply> answer) {
    /** What a server answered: status, the {@code server} header field, the start of the body; status 0 if it did not. */
    record Reply(int status, String serverHeader, String mediaType, String body) {
        static final Reply NONE = new Reply(0, "", "", "");

        boolean isJson() {
            return status == 200 && (body.startsWith("{") || body.startsWith("["));
        }

        boolean has(String text) {
            return isJson() && body.contains(text);
        }
    }

    static final String OPENAI_MODELS = "/v1/models";

    /**
     * In the order in which they are believed: what is particular before what is common. Sources: the servers' own documentation and code (Ollama docs/api.md; llama.cpp
     * tools/server; vLLM entrypoints/openai; LM Studio REST API v0; mlx_lm server.py on Python's http.server).
     */
    static final List<Probe> ALL =
            List.of(
                    new Probe("lm-studio", "/api/v0/models", r -> r.has("\"compatibility_type\"")),
                    new Probe("llama.cpp", "/props", r -> r.has("\"default_generation_settings\"")),
                    new Probe(
                            "llama.cpp",
                            OPENAI_MODELS,
                            r -> r.has("\"llamacpp\"") || r.serverHeader().equals("llama.cpp")),
                    new Probe("vllm", OPENAI_MODELS, r -> r.has("\"vllm\"")),
                    new Probe("vllm", OPENAI_MODELS, r -> r.has("\"max_model_len\"")),
                    new Probe("ollama", "/api/version", r -> r.has("\"version\"")),
                    new Probe("lm-studio", OPENAI_MODELS, r -> r.has("\"organization_owner\"")),
                    new Probe(
                            "mlx-lm",
                            OPENAI_MODELS,
                            r -> r.isJson() && r.serverHeader().startsWith("BaseHTTP/")));
}
