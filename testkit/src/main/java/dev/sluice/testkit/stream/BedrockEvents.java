package dev.sluice.testkit.stream;

import dev.sluice.testkit.Json;

import java.io.ByteArrayOutputStream;

/** Writes the frames of a stream of ConverseStream: what a scripted upstream sends. */
public final class BedrockEvents {
    private BedrockEvents() {}

    /** The first frame. */
    public static byte[] start() {
        return BedrockFrames.event("messageStart", "{\"role\":\"assistant\"}");
    }

    /** A frame of text in the first block. */
    public static byte[] text(String text) {
        return BedrockFrames.event(
                "contentBlockDelta",
                "{\"contentBlockIndex\":0,\"delta\":{\"text\":" + Json.quote(text) + "}}");
    }

    /** The end of the first block, and why the message ends. */
    public static byte[] stop(String reason) {
        return joined(
                BedrockFrames.event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                BedrockFrames.event("messageStop", "{\"stopReason\":" + Json.quote(reason) + "}"));
    }

    /** The last frame, with 10 tokens in and 5 out. */
    public static byte[] metadata() {
        return BedrockFrames.event("metadata", "{" + usage() + ",\"metrics\":{\"latencyMs\":1}}");
    }

    /** An unstreamed answer. */
    public static String whole(String text, String reason) {
        return "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":"
                + Json.quote(text)
                + "}]}},\"stopReason\":"
                + Json.quote(reason)
                + ","
                + usage()
                + ",\"metrics\":{\"latencyMs\":7}}";
    }

    private static String usage() {
        return "\"usage\":{\"inputTokens\":10,\"outputTokens\":5,\"totalTokens\":15}";
    }

    /** These frames, one behind the other. */
    public static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }
}
