package dev.sluice.core.dialect;

import dev.sluice.core.json.Raw;

/** Sentences that tell a model what its server has no parameter for. */
public final class InWords {
    private InWords() {}

    /** At least one tool must be called. */
    public static String callSome() {
        return "You must call at least one of the tools in your answer.";
    }

    /** This tool must be called. */
    public static String call(String tool) {
        return "You must call the tool `" + tool + "` in your answer.";
    }

    /** The answer must be a JSON object. */
    public static String jsonObject() {
        return "Answer with a single JSON object and nothing else: no text before or after it, no"
                + " code fence.";
    }

    /** The answer must follow a JSON schema. */
    public static String json(Raw schema) {
        return "Answer with a single JSON value and nothing else: no text before or after it, no"
                + " code fence. It must follow this JSON schema:\n"
                + schema;
    }
}
