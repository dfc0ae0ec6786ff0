package dev.sluice.gateway.upstream;

import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import java.nio.charset.StandardCharsets;

/**
 * Upstreams that answer the questions of discovery as real servers do: header fields, shapes and
 * bad manners included.
 */
final class Impostor {
    private Impostor() {}

    private static Script json(int status, String json, String... headers) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        Script script = Script.status(status).header("content-type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            script = script.header(headers[i], headers[i + 1]);
        }
        return script.length(body.length).send(body);
    }

    private static FakeUpstream upstream(Script otherwise) {
        return FakeUpstream.start().models(otherwise).otherwise(otherwise);
    }

    static FakeUpstream ollama() {
        return upstream(
                        Script.body(
                                404,
                                "text/plain",
                                "404 page not found".getBytes(StandardCharsets.UTF_8)))
                .models(
                        json(
                                200,
                                """
                                {"object":"list","data":[
                                 {"id":"llama3.2:latest","object":"model","created":1731000000,"owned_by":"library"},
                                 {"id":"mike/qwen3:8b","object":"model","created":1731000000,"owned_by":"mike"}]}
                                """))
                .on("GET /api/version", json(200, "{\"version\":\"0.30.7\"}"))
                .on(
                        "GET /api/tags",
                        json(
                                200,
                                """
                                {"models":[
                                 {"name":"llama3.2:latest","model":"llama3.2:latest","modified_at":"2025-10-01T12:00:00.123456789Z","size":1,"digest":"a"},
                                 {"name":"mike/qwen3:8b","model":"mike/qwen3:8b","modified_at":"2025-10-01T12:00:00.1-07:00","size":1,"digest":"b"}]}
                                """));
    }

    /** Another gateway like this one, which serves Ollama's paths too. */
    static FakeUpstream sluice() {
        return ollama().models(
                        json(
                                200,
                                """
                                {"object":"list","data":[{"id":"up/qwen3","object":"model","created":1731000000,"owned_by":"up"}]}
                                """,
                                "server",
                                "sluice"));
    }

    /** As fresh as it is installed. */
    static FakeUpstream ollamaWithoutModels() {
        return ollama().models(json(200, "{\"object\":\"list\",\"data\":null}\n"))
                .on("GET /api/tags", json(200, "{\"models\":[]}"));
    }

    /** Behind a proxy that lets OpenAI's paths through and nothing else. */
    static FakeUpstream ollamaBehindAProxy() {
        Script nothing = Script.html(404);
        return ollama().on("GET /api/tags", nothing).on("GET /api/version", nothing);
    }

    /** One that lists its models as Ollama does and nowhere else. */
    static FakeUpstream ollamaWithoutChat() {
        return ollama().models(Script.html(404));
    }

    /** All its models are of one person's namespace. */
    static FakeUpstream ollamaWithForeignModels() {
        return ollama().models(
                        json(
                                200,
                                "{\"object\":\"list\",\"data\":[{\"id\":\"mike/qwen3:8b\",\"object\":\"model\",\"created\":1,\"owned_by\":\"mike\"}]}"))
                .on("GET /api/tags", json(200, "{\"models\":[{\"name\":\"mike/qwen3:8b\"}]}"));
    }

    static FakeUpstream llamaCpp() {
        String list =
                """
                {"models":[{"name":"qwen3.gguf","model":"qwen3.gguf","type":"model","capabilities":["completion"]}],
                 "object":"list",
                 "data":[{"id":"qwen3.gguf","object":"model","created":1731000000,"owned_by":"llamacpp","meta":{"n_ctx_train":40960}}]}
                """;
        Script models = json(200, list, "server", "llama.cpp");
        return upstream(
                        json(
                                404,
                                "{\"error\":{\"code\":404,\"message\":\"File Not"
                                        + " Found\",\"type\":\"not_found_error\"}}",
                                "server",
                                "llama.cpp"))
                .models(models)
                .on("GET /models", models);
    }

    /** Its model is still on the way from the disk. */
    static FakeUpstream llamaCppThatLoads() {
        return upstream(
                json(
                        503,
                        "{\"error\":{\"code\":503,\"message\":\"Loading"
                                + " model\",\"type\":\"unavailable_error\"}}",
                        "server",
                        "llama.cpp"));
    }

    static FakeUpstream vllm() {
        return upstream(json(404, "{\"detail\":\"Not Found\"}", "server", "uvicorn"))
                .models(
                        json(
                                200,
                                """
                                {"object":"list","data":[{"id":"Qwen/Qwen3-8B","object":"model","created":1731000000,"owned_by":"vllm",
                                 "root":"Qwen/Qwen3-8B","parent":null,"max_model_len":40960,"permission":[]}]}
                                """,
                                "server",
                                "uvicorn"));
    }

    /** With {@code --api-key}. */
    static FakeUpstream vllmWithKey(String key) {
        FakeUpstream vllm = vllm();
        return vllm.on(
                "GET /v1/models",
                request ->
                        request.header("authorization")
                                        .filter(("Bearer " + key)::equals)
                                        .isPresent()
                                ? json(
                                        200,
                                        "{\"object\":\"list\",\"data\":[{\"id\":\"Qwen/Qwen3-8B\",\"object\":\"model\",\"created\":1,\"owned_by\":\"vllm\"}]}")
                                : json(401, "{\"error\":\"Unauthorized\"}", "server", "uvicorn"));
    }

    /** Says 200 to everything. */
    static FakeUpstream lmStudio(String... models) {
        FakeUpstream studio =
                upstream(json(200, "{}"))
                        .otherwise(
                                request ->
                                        json(
                                                200,
                                                "{\"error\":\"Unexpected endpoint or method. ("
                                                        + request.method()
                                                        + " "
                                                        + request.target()
                                                        + ")\"}",
                                                "x-powered-by",
                                                "Express"));
        StringBuilder data = new StringBuilder();
        for (String model : models) {
            data.append(data.isEmpty() ? "" : ",")
                    .append("{\"id\":\"")
                    .append(model)
                    .append("\",\"object\":\"model\",\"owned_by\":\"organization_owner\"}");
        }
        return studio.models(json(200, "{\"data\":[" + data + "],\"object\":\"list\"}"))
                .on("GET /api/v0/models", json(200, "{\"object\":\"list\",\"data\":[]}"));
    }

    /** Python's http.server: HTTP/1.0, no length, the end is the end of the connection. */
    static FakeUpstream mlxLm() {
        Script models =
                Script.status(200)
                        .http10()
                        .header("server", "BaseHTTP/0.6 Python/3.12.7")
                        .header("content-type", "application/json")
                        .untilClose()
                        .send(
                                "{\"object\": \"list\", \"data\": [{\"id\":"
                                        + " \"mlx-community/Qwen3-8B-4bit\", \"object\": \"model\","
                                        + " \"created\": 1731000000}]}");
        Script nothing =
                Script.status(404)
                        .http10()
                        .header("server", "BaseHTTP/0.6 Python/3.12.7")
                        .header("content-type", "application/json")
                        .untilClose()
                        .send("Not Found");
        return upstream(nothing).models(models);
    }

    /** Python's http.server too, with Ollama's version for those who ask. */
    static FakeUpstream koboldCpp() {
        return upstream(json(404, "{\"error\":\"Not Found\"}"))
                .models(
                        json(
                                200,
                                "{\"object\":\"list\",\"data\":[{\"id\":\"koboldcpp/gemma\",\"object\":\"model\",\"created\":1,\"owned_by\":\"koboldcpp\",\"permission\":[],\"root\":\"koboldcpp\"}]}",
                                "server",
                                "BaseHTTP/0.6 Python/3.11"))
                .on("GET /api/version", json(200, "{\"version\": \"0.7.0\"}"));
    }

    /** One that wants its own path and knows no {@code /v1}. */
    static FakeUpstream withPathOfItsOwn() {
        return upstream(Script.html(404))
                .on(
                        "GET /api/paas/v4/models",
                        json(
                                200,
                                "{\"object\":\"list\",\"data\":[{\"id\":\"glm-5\",\"object\":\"model\",\"created\":1,\"owned_by\":\"z-ai\"}]}"));
    }

    /** One that lists without an object around. */
    static FakeUpstream withBareList() {
        return upstream(Script.html(404))
                .models(
                        json(
                                200,
                                "[{\"id\":\"meta/Llama-4\",\"object\":\"model\",\"created\":1}]"));
    }

    static FakeUpstream anthropic(String key) {
        return upstream(anthropicError(404, "not_found_error", "Not found"))
                .on(
                        "GET /v1/models",
                        request -> {
                            if (request.header("x-api-key").filter(key::equals).isEmpty()) {
                                return anthropicError(
                                        401,
                                        "authentication_error",
                                        "x-api-key header is required");
                            }
                            if (request.header("anthropic-version").isEmpty()) {
                                return anthropicError(
                                        400,
                                        "invalid_request_error",
                                        "anthropic-version: header is required");
                            }
                            return json(
                                    200,
                                    """
                                    {"data":[{"type":"model","id":"claude-sonnet-4-5","display_name":"Claude Sonnet 4.5","created_at":"2025-09-29T00:00:00Z"}],
                                     "has_more":false,"first_id":"claude-sonnet-4-5","last_id":"claude-sonnet-4-5"}
                                    """);
                        });
    }

    private static Script anthropicError(int status, String type, String message) {
        return json(
                status,
                "{\"type\":\"error\",\"error\":{\"type\":\""
                        + type
                        + "\",\"message\":\""
                        + message
                        + "\"},\"request_id\":\"req_1\"}");
    }
}
