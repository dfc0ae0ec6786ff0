package dev.sluice.llama.chat;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.llama.template.Template;
import dev.sluice.llama.template.Value;

import java.util.List;
import java.util.Map;

/**
 * Tools for models whose templates know none: they are explained in the system text, calls are read
 * from the model's text in the Hermes form, which is the one most models have seen, and results
 * come back in words of the user.
 */
final class ToolEmulation {
    private static final Template INSTRUCTIONS =
            Template.of(
                    """
                    You can call functions. This is what there is, as JSON:
                    <tools>
                    {% for tool in tools %}
                    {{ tool | tojson }}
                    {% endfor %}
                    </tools>
                    To call one, write a JSON object with its name and its arguments between tags, and nothing behind it:
                    <tool_call>
                    {"name": "the function's name", "arguments": {"the argument's name": "its value"}}
                    </tool_call>
                    The result comes back to you between <tool_response> and </tool_response>. Answer without a call when no function helps.
                    """);

    private ToolEmulation() {}

    /** What the system text says of {@code tools}. */
    static String instructions(List<Value> tools) {
        return INSTRUCTIONS.render(Map.of("tools", new Value.Items(tools)));
    }

    /** A call of an earlier turn. */
    static String call(String name, String arguments) {
        return "<tool_call>\n{\"name\": "
                + new ByteBuilder().quoted(name)
                + ", \"arguments\": "
                + json(arguments)
                + "}\n</tool_call>";
    }

    private static String json(String arguments) {
        try {
            return arguments.isBlank() ? "{}" : Raw.of(arguments).toString();
        } catch (MalformedJson _) {
            return new ByteBuilder().quoted(arguments).toString();
        }
    }

    /** A result. */
    static String result(String text) {
        return "<tool_response>\n" + text + "\n</tool_response>";
    }
}
