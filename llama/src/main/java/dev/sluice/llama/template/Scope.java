package dev.sluice.llama.template;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** The variables of a template, a loop's turn or a macro, inside of those around it. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Value> values = new HashMap<>();

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    void set(String name, Value value) {
        values.put(name, value);
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Value found = scope.values.get(name);
            if (found != null) {
                return found;
            }
        }
        return new Value.Missing("`" + name + "`");
    }
}
