package dev.sluice.gateway.simulated;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Which tools the simulated model may and must call, and with what. */
final class Tooling {
    /**
     * A call that is to be made.
     *
     * @param arguments JSON text, perhaps empty; of a custom tool any text
     * @param custom whether the tool takes free text
     */
    record Call(String name, String arguments, boolean custom) {
        static Call function(String name, String arguments) {
            return new Call(name, arguments, false);
        }
    }

    /** What is called when the request declares no tool. */
    private static final List<Call> OWN =
            List.of(
                    Call.function(
                            "get_weather",
                            "{\"city\":\"Z\\u00fcrich\",\"unit\":\"celsius\",\"note\":\"say"
                                    + " \\\"hi\\\"\\n"
                                    + "\"}"),
                    Call.function("get_time", "{\"city\":\"東京\"}"),
                    Call.function("ping_host", ""));

    private final Request request;

    Tooling(Request request) {
        this.request = request;
    }

    /** Whether no tool may be called. */
    boolean forbidden() {
        return request.toolChoice() instanceof ToolChoice.None;
    }

    /** Whether a tool must be called. */
    boolean forced() {
        return switch (request.toolChoice()) {
            case null -> false;
            case ToolChoice.Auto _, ToolChoice.None _ -> false;
            case ToolChoice.Required _, ToolChoice.Named _ -> true;
            case ToolChoice.Allowed allowed -> allowed.required();
        };
    }

    /**
     * Up to {@code most} calls of what may be called; a single tool is called twice if more than
     * one call is wanted.
     *
     * @throws dev.sluice.core.failure.FailureException when a tool must be called that is not there
     */
    List<Call> calls(int most) {
        int wanted = Objects.equals(request.parallelToolCalls(), false) ? 1 : most;
        List<Tool> tools = callable();
        if (tools.isEmpty()) {
            return OWN.subList(0, wanted);
        }
        List<Call> calls = new ArrayList<>();
        int count = Math.min(wanted, Math.max(2, tools.size()));
        for (int i = 0; i < count; i++) {
            calls.add(call(tools.get(i % tools.size()), i / tools.size()));
        }
        return calls;
    }

    /** Tools of the client's that the choice allows. */
    private List<Tool> callable() {
        List<Tool> tools = new ArrayList<>();
        for (Tool tool : request.tools()) {
            if (!(tool instanceof Tool.Hosted) && allowed(tool.name())) {
                tools.add(tool);
            }
        }
        if (tools.isEmpty() && (forced() || request.toolChoice() instanceof ToolChoice.Allowed)) {
            throw Failure.invalid(
                            "tool_choice",
                            "the choice of tools leaves no tool to call (expected: a tool that the"
                                    + " request declares)")
                    .asException();
        }
        return tools;
    }

    private boolean allowed(String name) {
        return switch (request.toolChoice()) {
            case ToolChoice.Named named -> named.name().equals(name);
            case ToolChoice.Allowed some -> some.names().contains(name);
            case null -> true;
            case ToolChoice.Auto _, ToolChoice.None _, ToolChoice.Required _ -> true;
        };
    }

    private static Call call(Tool tool, int variation) {
        return switch (tool) {
            case Tool.Function function ->
                    Call.function(function.name(), arguments(function.parameters(), variation));
            case Tool.Custom custom -> new Call(custom.name(), "example", true);
            case Tool.Hosted hosted -> throw new IllegalArgumentException(hosted.name());
        };
    }

    /**
     * Nothing for a tool that takes nothing, as model servers send it: not even an empty object.
     */
    private static String arguments(@Nullable Raw schema, int variation) {
        return schema == null || ExampleJson.isOfNothing(schema)
                ? ""
                : ExampleJson.of(schema, variation);
    }
}
