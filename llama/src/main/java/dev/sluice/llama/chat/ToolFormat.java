package dev.sluice.llama.chat;

import dev.sluice.llama.chat.CallForm.Body;

import java.util.List;

/**
 * How a family of models writes what is not plain text: tool calls, thinking, and markers that mean
 * nothing to a reader. A new family is one more of these.
 *
 * @param family its name, for logs and errors
 * @param calls how tools are called
 * @param thinking the tags around thinking
 * @param silent markers that are dropped
 * @param stops texts at which the model has ended its turn, besides those that the template shows
 */
public record ToolFormat(
        String family,
        CallForm calls,
        List<Tags> thinking,
        List<String> silent,
        List<String> stops) {
    /** What stands around thinking. */
    public record Tags(String open, String close) {}

    private static final Tags THINK = new Tags("<think>", "</think>");
    private static final Tags THINK_IN_BRACKETS = new Tags("[THINK]", "[/THINK]");
    private static final Tags START_THINKING = new Tags("<|START_THINKING|>", "<|END_THINKING|>");

    private static final ToolFormat PLAIN = of("plain", CallForm.NONE);

    private static final ToolFormat HERMES = of("hermes", CallForm.HERMES);

    private static final ToolFormat TAGS =
            of("qwen-tags", form(Body.TAGS, "<tool_call>", "</tool_call>"));

    private static final ToolFormat LLAMA_3 =
            new ToolFormat(
                    "llama-3",
                    new CallForm(
                            List.of("<|python_tag|>"), List.of(), Body.JSON, "name", "parameters"),
                    List.of(),
                    List.of(),
                    List.of("<|eom_id|>", "<|eot_id|>"));

    private static final ToolFormat MISTRAL =
            of("mistral", form(Body.NAME_AND_JSON, "[TOOL_CALLS]"));

    private static final ToolFormat DEEPSEEK =
            of(
                    "deepseek",
                    new CallForm(
                            List.of("<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>"),
                            List.of("<｜tool▁calls▁end｜>"),
                            Body.SECTIONS,
                            "name",
                            "arguments"));

    private static final ToolFormat GRANITE = of("granite", form(Body.JSON, "<|tool_call|>"));

    private static final ToolFormat PHI_4 =
            of("phi-4", form(Body.JSON, "<|tool_call|>", "<|/tool_call|>"));

    private static final ToolFormat COMMAND_R7B =
            new ToolFormat(
                    "command-r7b",
                    new CallForm(
                            List.of("<|START_ACTION|>"),
                            List.of("<|END_ACTION|>"),
                            Body.JSON,
                            "tool_name",
                            "parameters"),
                    List.of(START_THINKING),
                    List.of("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
                    List.of());

    private static final ToolFormat COMMAND_R =
            of(
                    "command-r",
                    new CallForm(
                            List.of("Action: ```json", "Action:```json"),
                            List.of("```"),
                            Body.JSON,
                            "tool_name",
                            "parameters"));

    private static final ToolFormat HARMONY =
            new ToolFormat(
                    "harmony",
                    form(Body.HARMONY, "<|channel|>"),
                    List.of(),
                    List.of(),
                    List.of("<|return|>", "<|call|>"));

    /** Copies the lists. */
    public ToolFormat {
        thinking = List.copyOf(thinking);
        silent = List.copyOf(silent);
        stops = List.copyOf(stops);
    }

    private static ToolFormat of(String family, CallForm calls) {
        return new ToolFormat(family, calls, List.of(), List.of(), List.of());
    }

    private static CallForm form(Body body, String open, String... closes) {
        return new CallForm(List.of(open), List.of(closes), body, "name", "arguments");
    }

    /** The format that a template's text speaks of. */
    public static ToolFormat of(String template) {
        ToolFormat format = family(template);
        if (!format.thinking.isEmpty() || format.calls.body() == Body.HARMONY) {
            return format;
        }
        if (template.contains("</think>") || template.contains("<think>")) {
            return format.withThinking(THINK);
        }
        return template.contains("[THINK]") ? format.withThinking(THINK_IN_BRACKETS) : format;
    }

    private static ToolFormat family(String template) {
        if (template.contains("<|channel|>") && template.contains("<|message|>")) {
            return HARMONY;
        }
        if (template.contains("<|START_ACTION|>")) {
            return COMMAND_R7B;
        }
        if (template.contains("Action: ```json") || template.contains("Action:```json")) {
            return COMMAND_R;
        }
        if (template.contains("<｜tool▁calls▁begin｜>")) {
            return DEEPSEEK;
        }
        if (template.contains("[TOOL_CALLS]")) {
            return MISTRAL;
        }
        if (template.contains("<|tool_call|>")) {
            return template.contains("<|/tool_call|>") ? PHI_4 : GRANITE;
        }
        if (template.contains("<tool_call>")) {
            return template.contains("<function=")
                    ? TAGS
                    : template.contains("<arg_key>") ? PLAIN : HERMES;
        }
        return template.contains("<|start_header_id|>") && template.contains("\"parameters\"")
                ? LLAMA_3
                : PLAIN;
    }

    private ToolFormat withThinking(Tags tags) {
        return new ToolFormat(family, calls, List.of(tags), silent, stops);
    }

    /** This format with calls as {@code form} writes them. */
    public ToolFormat withCalls(CallForm form) {
        return new ToolFormat(family, form, thinking, silent, stops);
    }

    /** Whether the family has a form for calls that is known here. */
    public boolean hasCalls() {
        return calls.body() != Body.NONE;
    }
}
