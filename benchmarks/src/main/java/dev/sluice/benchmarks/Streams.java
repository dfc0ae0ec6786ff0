package dev.sluice.benchmarks;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Quirks;

import java.nio.charset.StandardCharsets;

/** Streams as the vendors write them, made once for all benchmarks. */
final class Streams {
    /** Tokens in each stream; benchmarks give their figures for one token. */
    static final int TOKENS = 1000;

    static final EncodeContext TO_CLIENT =
            new EncodeContext("0123456789abcdef", "model", 1_760_000_000, true, "req_1", 10, false);
    static final DecodeContext FROM_UPSTREAM = new DecodeContext(Quirks.vendor("openai"), false);

    private static final String[] WORDS = {
        " the", " stream", " of", " tokens", " grüßt", " \\\"you\\\"", " now"
    };

    private Streams() {}

    /** A stream of OpenAI Chat Completions. */
    static byte[] openAiChat() {
        StringBuilder out = new StringBuilder();
        out.append(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
        for (int i = 0; i < TOKENS; i++) {
            out.append(chunk("{\"content\":\"" + WORDS[i % WORDS.length] + "\"}", "null"));
        }
        out.append(chunk("{}", "\"stop\""));
        return out.append("data: [DONE]\n\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String chunk(String delta, String finish) {
        return "data:"
                   + " {\"id\":\"chatcmpl-9f2c41d07ab34e6e8d5b1f60\",\"object\":\"chat.completion.chunk\",\"created\":1735689600,\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"logprobs\":null,\"finish_reason\":"
                + finish
                + "}]}\n\n";
    }

    /** A stream of Anthropic Messages. */
    static byte[] anthropic() {
        StringBuilder out = new StringBuilder();
        event(
                out,
                "message_start",
                ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}");
        event(
                out,
                "content_block_start",
                ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
        for (int i = 0; i < TOKENS; i++) {
            event(
                    out,
                    "content_block_delta",
                    ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                            + WORDS[i % WORDS.length]
                            + "\"}");
        }
        event(out, "content_block_stop", ",\"index\":0");
        event(
                out,
                "message_delta",
                ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":1000}");
        event(out, "message_stop", "");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void event(StringBuilder out, String type, String members) {
        out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append('"');
        out.append(members).append("}\n\n");
    }
}
