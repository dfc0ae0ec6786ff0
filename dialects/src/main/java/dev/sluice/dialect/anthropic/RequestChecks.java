package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the vendor refuses for every model, checked here so that a client hears the same from any
 * upstream. What some models take is left to the upstream.
 */
final class RequestChecks {
    private static final long LEAST_THINKING = 1024;

    private RequestChecks() {}

    /** Refuses a request that lacks a member. */
    static void required(boolean present, String name) {
        if (!present) {
            throw invalid(name, name + " is required");
        }
    }

    /** Refuses what cannot be meant. */
    static void check(Request request, Headers headers) {
        if (request.messages().isEmpty()) {
            throw invalid("messages", "messages: at least one message is required");
        }
        if (request.maxOutput() != null && request.maxOutput() < 0) {
            throw invalid("max_tokens", "max_tokens: expected 1 or more");
        }
        sampling(request.sampling());
        thinking(request, headers);
        choice(request);
        results(request.messages());
    }

    private static void sampling(Sampling sampling) {
        share("temperature", sampling.temperature());
        share("top_p", sampling.topP());
        if (sampling.topK() != null && sampling.topK() < 0) {
            throw invalid("top_k", "top_k: expected 0 or more");
        }
        List<String> stop = sampling.stop();
        for (int i = 0; i < stop.size(); i++) {
            if (stop.get(i).isBlank()) {
                String field = "stop_sequences[" + i + "]";
                throw invalid(field, field + ": expected more than white space");
            }
        }
    }

    private static void share(String name, @Nullable Double value) {
        if (value != null && (value < 0 || value > 1)) {
            throw invalid(name, name + ": expected a number from 0 to 1");
        }
    }

    /**
     * Between the calls of tools a turn may think more than its answer is long, if the client asks
     * for that.
     */
    private static void thinking(Request request, Headers headers) {
        ThinkingConfig thinking = request.thinking();
        if (thinking == null || thinking.mode() != ThinkingConfig.Mode.BUDGET) {
            return;
        }
        String field = "thinking.budget_tokens";
        if (thinking.budget() < LEAST_THINKING) {
            throw invalid(field, field + ": expected " + LEAST_THINKING + " or more");
        }
        boolean interleaved =
                headers.joined("anthropic-beta").orElse("").contains("interleaved-thinking");
        Long limit = request.maxOutput();
        if (limit != null && thinking.budget() >= limit && !interleaved) {
            throw invalid(field, field + ": expected less than max_tokens");
        }
    }

    private static void choice(Request request) {
        if (!(request.toolChoice() instanceof ToolChoice.Named named)) {
            return;
        }
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Hosted || tool.name().equals(named.name())) {
                return;
            }
        }
        if (!request.extra().containsKey("mcp_servers")) {
            throw invalid(
                    "tool_choice.name", "tool_choice.name: expected the name of one of the tools");
        }
    }

    private static void results(List<Message> messages) {
        Set<String> calls = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            List<Block> blocks = messages.get(i).blocks();
            for (int k = 0; k < blocks.size(); k++) {
                if (blocks.get(k) instanceof Block.ToolUse use) {
                    calls.add(use.id());
                } else if (blocks.get(k) instanceof Block.ToolResult result
                        && !calls.contains(result.toolUseId())) {
                    String field = "messages[" + i + "].content[" + k + "].tool_use_id";
                    throw invalid(field, field + ": expected the id of a tool_use block before it");
                }
            }
        }
    }

    private static FailureException invalid(String field, String message) {
        return Failure.invalid(field, message).asException();
    }
}
