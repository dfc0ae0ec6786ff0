package dev.sluice.llama.chat;

import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Tool;
import dev.sluice.llama.template.Value;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which parameters of which tools are strings. */
final class ParameterTypes {
    private final Map<String, Map<String, Value>> properties = new HashMap<>();

    ParameterTypes(List<Tool> tools) {
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function) {
                Raw parameters = function.parameters();
                if (parameters != null
                        && Value.of(parameters) instanceof Value.Members(Map<String, Value> words)
                        && words.get("properties")
                                instanceof Value.Members(Map<String, Value> declared)) {
                    properties.put(function.name(), declared);
                }
            }
        }
    }

    /** Whether the schema asks for a string; not, where it does not say. */
    boolean isText(String tool, String parameter) {
        Value schema = properties.getOrDefault(tool, Map.of()).get(parameter);
        return schema instanceof Value.Members(Map<String, Value> words)
                && words.get("type") instanceof Value.Text(String type)
                && type.equals("string");
    }
}
