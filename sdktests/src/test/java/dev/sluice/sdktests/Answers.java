package dev.sluice.sdktests;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;

import java.util.function.Function;

/**
 * Answers that no golden file tells: streamed when asked for a stream, otherwise as one document.
 */
final class Answers {
    private Answers() {}

    /** An answer of OpenAI: these events, or a document of the same text. */
    static Function<UpstreamRequest, Script> chat(String events, String text) {
        return either(events, completion(text));
    }

    /** An answer of Anthropic: these events, or a document of the same text. */
    static Function<UpstreamRequest, Script> message(String events, String text, String stop) {
        return either(events, message(text, stop));
    }

    /** A whole answer of OpenAI. */
    static String completion(String text) {
        return "{\"id\":\"chatcmpl-x\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                + Json.quote(text)
                + ",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}";
    }

    /** A whole answer of Anthropic. */
    static String message(String text, String stop) {
        return "{\"id\":\"msg_x\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[{\"type\":\"text\",\"text\":"
                + Json.quote(text)
                + "}],\"stop_reason\":"
                + Json.quote(stop)
                + ",\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":5}}";
    }

    /** These events, or this document. */
    static Function<UpstreamRequest, Script> either(String events, String document) {
        return request ->
                request.json().path("stream").booleanValue(false)
                        ? Script.stream().send(events)
                        : Script.json(200, document);
    }
}
