package dev.sluice.llama.chat;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
import dev.sluice.llama.grammar.Gbnf;
import dev.sluice.llama.grammar.GrammarException;
import dev.sluice.llama.grammar.JsonRules;
import dev.sluice.llama.grammar.Rules;
import dev.sluice.llama.template.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The form that a whole answer must have: calls where the client demands them, JSON where it asks
 * for it. Thinking may stand in front of either.
 */
final class AnswerGrammar {
    private static final String SPACE = "[ \\n]{0,4}";

    private final Request request;
    private final ChatPrompt prompt;
    private final String template;
    private final Rules rules = new Rules();

    private AnswerGrammar(Request request, ChatPrompt prompt, String template) {
        this.request = request;
        this.prompt = prompt;
        this.template = template;
    }

    /** The grammar, if the request asks for a form. */
    static Optional<Gbnf> of(Request request, ChatPrompt prompt, String template) {
        return new AnswerGrammar(request, prompt, template).build();
    }

    private Optional<Gbnf> build() {
        List<Tool> demanded = demanded();
        String json = json();
        if (demanded.isEmpty() && json.isEmpty()) {
            return Optional.empty();
        }
        List<String> ways = new ArrayList<>();
        if (!demanded.isEmpty()) {
            ways.add(calls(demanded));
        } else {
            ways.add(isHarmony() ? literal("<|channel|>final<|message|>") + " " + json : json);
            if (!prompt.declared().isEmpty()) {
                ways.add(calls(prompt.declared()));
            }
        }
        return Optional.of(rules.build(thinking() + Rules.oneOf(ways)));
    }

    private boolean isHarmony() {
        return prompt.format().calls().body() == CallForm.Body.HARMONY;
    }

    private static String literal(String text) {
        return Rules.literal(text);
    }

    /** The tools of which one must be called; none where the model may answer in words. */
    private List<Tool> demanded() {
        return switch (request.toolChoice()) {
            case ToolChoice.Required _ -> prompt.declared();
            case ToolChoice.Allowed allowed when allowed.required() -> prompt.declared();
            case ToolChoice.Named named -> {
                List<Tool> one =
                        prompt.declared().stream()
                                .filter(tool -> tool.name().equals(named.name()))
                                .toList();
                if (one.isEmpty()) {
                    throw Failure.invalid("tool_choice", "no tool is called `" + named.name() + "`")
                            .asException();
                }
                yield one;
            }
            case ToolChoice.Auto _, ToolChoice.None _, ToolChoice.Allowed _ -> List.of();
            case null -> List.of();
        };
    }

    private String json() {
        return switch (request.responseFormat()) {
            case ResponseFormat.JsonObject _ -> JsonRules.anyObject(rules);
            case ResponseFormat.JsonSchema schema -> {
                try {
                    yield JsonRules.of(schema.schema(), rules);
                } catch (GrammarException error) {
                    throw Failure.invalid("response_format", String.valueOf(error.getMessage()))
                            .asException();
                }
            }
            case ResponseFormat.PlainText _ -> "";
            case null -> "";
        };
    }

    /** Thinking, as the format writes it and the prompt has left it. */
    private String thinking() {
        if (isHarmony()) {
            return "("
                    + literal("<|channel|>analysis<|message|>")
                    + " "
                    + rules.until("<|end|>")
                    + " "
                    + literal("<|start|>assistant")
                    + ")? ";
        }
        if (prompt.format().thinking().isEmpty()) {
            return "";
        }
        ToolFormat.Tags tags = prompt.format().thinking().getFirst();
        String rest = rules.until(tags.close()) + " " + SPACE + " ";
        return prompt.opensThinking() ? rest : "(" + literal(tags.open()) + " " + rest + ")? ";
    }

    /** One call or several, in the format's form. */
    private String calls(List<Tool> tools) {
        boolean several = !Boolean.FALSE.equals(request.parallelToolCalls());
        CallForm form = prompt.format().calls();
        return switch (form.body()) {
            case HARMONY -> Rules.oneOf(tools.stream().map(this::harmony).toList());
            case TAGS ->
                    repeated(
                            Rules.oneOf(tools.stream().map(this::tags).toList()),
                            "\"\\n\"",
                            several);
            case SECTIONS -> sections(tools, several);
            case NAME_AND_JSON ->
                    template.contains("[ARGS]")
                            ? repeated(
                                    Rules.oneOf(tools.stream().map(this::named).toList()),
                                    "\"\"",
                                    several)
                            : literal("[TOOL_CALLS]") + " " + array(form, tools, several);
            case JSON, NONE -> json(form, tools, several);
        };
    }

    private String repeated(String call, String between, boolean several) {
        String rule = rules.rule("call", call);
        return several ? rule + " (" + between + " " + rule + ")*" : rule;
    }

    private String json(CallForm form, List<Tool> tools, boolean several) {
        String open = form.opens().isEmpty() ? "" : form.opens().getFirst();
        if (open.equals("<|python_tag|>")) {
            return object(form, tools);
        }
        String close = form.closes().isEmpty() ? "" : form.closes().getFirst();
        boolean isArray =
                form.name().equals("tool_name") || template.contains(open + "[") || close.isEmpty();
        if (isArray) {
            return literal(open)
                    + " "
                    + array(form, tools, several)
                    + (close.isEmpty() ? "" : " " + SPACE + " " + literal(close));
        }
        return repeated(
                literal(open)
                        + " "
                        + SPACE
                        + " "
                        + object(form, tools)
                        + " "
                        + SPACE
                        + " "
                        + literal(close),
                "\"\\n\"",
                several);
    }

    private String array(CallForm form, List<Tool> tools, boolean several) {
        String call = rules.rule("call", object(form, tools));
        return "\" \"? \"[\" "
                + SPACE
                + " "
                + (several ? call + " (\",\" " + SPACE + " " + call + ")*" : call)
                + " "
                + SPACE
                + " \"]\"";
    }

    private String object(CallForm form, List<Tool> tools) {
        List<String> ways = new ArrayList<>();
        for (Tool tool : tools) {
            String head =
                    "{\""
                            + form.name()
                            + "\": "
                            + quoted(tool.name())
                            + ", \""
                            + form.arguments()
                            + "\": ";
            String id =
                    prompt.format().calls().body() == CallForm.Body.NAME_AND_JSON
                            ? " ("
                                    + literal(", \"id\": \"")
                                    + " [a-zA-Z0-9]{9} "
                                    + literal("\"")
                                    + ")?"
                            : "";
            ways.add(literal(head) + " " + arguments(tool) + id + " " + literal("}"));
        }
        return Rules.oneOf(ways);
    }

    private static String quoted(String text) {
        return new ByteBuilder().quoted(text).toString();
    }

    /** The arguments of a tool; any object where its schema cannot be made into rules. */
    private String arguments(Tool tool) {
        if (tool instanceof Tool.Custom) {
            return rules.rule("arguments", JsonRules.of(FREE_TEXT, rules));
        }
        Raw schema = tool instanceof Tool.Function function ? function.parameters() : null;
        if (schema == null) {
            return literal("{}");
        }
        try {
            return rules.rule("arguments", JsonRules.of(schema, rules));
        } catch (GrammarException _) {
            // Arguments that follow no schema are worth more than no answer.
            return JsonRules.anyObject(rules);
        }
    }

    private static final Raw FREE_TEXT =
            Raw.of(
                    "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"]}");

    private String named(Tool tool) {
        return literal("[TOOL_CALLS]" + tool.name() + "[ARGS]") + " " + arguments(tool);
    }

    /** Nothing behind it: the token that ends a call ends the answer. */
    private String harmony(Tool tool) {
        return literal(
                        "<|channel|>commentary to=functions."
                                + tool.name()
                                + " <|constrain|>json<|message|>")
                + " "
                + arguments(tool);
    }

    private String sections(List<Tool> tools, boolean several) {
        boolean code = template.contains("```json");
        List<String> ways = new ArrayList<>();
        for (Tool tool : tools) {
            ways.add(
                    code
                            ? literal("function<｜tool▁sep｜>" + tool.name() + "\n```json\n")
                                    + " "
                                    + arguments(tool)
                                    + " "
                                    + literal("\n```")
                            : literal(tool.name() + "<｜tool▁sep｜>") + " " + arguments(tool));
        }
        String call =
                literal("<｜tool▁call▁begin｜>")
                        + " "
                        + Rules.oneOf(ways)
                        + " "
                        + literal("<｜tool▁call▁end｜>");
        return literal("<｜tool▁calls▁begin｜>")
                + " "
                + repeated(call, "\"\\n\"?", several)
                + " "
                + literal("<｜tool▁calls▁end｜>");
    }

    /** Parameters in their order, each value any text up to its end tag. */
    private String tags(Tool tool) {
        StringBuilder out =
                new StringBuilder(literal("<tool_call>\n<function=" + tool.name() + ">\n"));
        Raw schema = tool instanceof Tool.Function function ? function.parameters() : FREE_TEXT;
        if (schema != null && Value.of(schema) instanceof Value.Members(Map<String, Value> words)) {
            List<Value> required =
                    words.get("required") instanceof Value.Items(List<Value> names)
                            ? names
                            : List.of();
            if (words.get("properties") instanceof Value.Members(Map<String, Value> properties)) {
                for (String name : properties.keySet()) {
                    out.append(" (")
                            .append(literal("<parameter=" + name + ">\n"))
                            .append(' ')
                            .append(rules.until("\n</parameter>\n"))
                            .append(required.contains(Value.of(name)) ? ")" : ")?");
                }
            }
        }
        return out.append(' ').append(literal("</function>\n</tool_call>")).toString();
    }
}
