package dev.sluice.core.request;

import java.util.List;

/** Whether and which tools the model must call. */
public sealed interface ToolChoice {
    /** As the model likes. */
    record Auto() implements ToolChoice {}

    /** None. */
    record None() implements ToolChoice {}

    /** At least one, whichever. */
    record Required() implements ToolChoice {}

    /** This one. */
    record Named(String name) implements ToolChoice {}

    /** Of these alone; at least one of them if {@code required}. */
    record Allowed(List<String> names, boolean required) implements ToolChoice {
        /** Copies the list. */
        public Allowed {
            names = List.copyOf(names);
        }
    }
}
