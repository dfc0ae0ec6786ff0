package dev.sluice.llama.chat;

import java.util.List;

/**
 * How a family of models writes tool calls.
 *
 * @param opens the markers that begin one or several calls; none where a call is an answer that is
 *     JSON and nothing else
 * @param closes the markers that may end them
 * @param body what stands between
 * @param name the member that holds the tool's name
 * @param arguments the member that holds the arguments
 */
public record CallForm(
        List<String> opens, List<String> closes, Body body, String name, String arguments) {
    /** What a call is written in. */
    public enum Body {
        /** No calls. */
        NONE,
        /** A JSON object that holds name and arguments, or an array of such. */
        JSON,
        /** A name, a marker and a JSON object; or as {@link #JSON}. */
        NAME_AND_JSON,
        /** DeepSeek's: each call between markers of its own, name and arguments apart. */
        SECTIONS,
        /** A tag for the function, and one for each parameter. */
        TAGS,
        /** A message on a channel, addressed to the function. */
        HARMONY
    }

    /** No calls. */
    public static final CallForm NONE =
            new CallForm(List.of(), List.of(), Body.NONE, "name", "arguments");

    /** {@code <tool_call>{…}</tool_call>}, once for each call. */
    public static final CallForm HERMES =
            new CallForm(
                    List.of("<tool_call>"),
                    List.of("</tool_call>"),
                    Body.JSON,
                    "name",
                    "arguments");

    /** Copies the lists. */
    public CallForm {
        opens = List.copyOf(opens);
        closes = List.copyOf(closes);
    }
}
