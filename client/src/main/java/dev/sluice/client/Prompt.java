package dev.sluice.client;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a model is asked: a conversation, tools, and what the answer must be like. It gathers the
 * members of a canonical {@link Request}; {@link #customize} reaches those that have no method
 * here. Not safe for use by several threads.
 *
 * <p>Blocks of one turn are joined: {@code user("What is this?").image(png, "image/png")} is one
 * message of two blocks.
 */
public final class Prompt {
    private final List<Block> system = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final List<Consumer<Request.Builder>> customizers = new ArrayList<>();

    /** An empty prompt. */
    public Prompt() {}

    /** A prompt of one text of the user's. */
    public static Prompt of(String text) {
        return new Prompt().user(text);
    }

    /** Adds an instruction that stands before the conversation. */
    public Prompt system(String text) {
        system.add(new Block.Text(text));
        return this;
    }

    /** Adds text of the user's. */
    public Prompt user(String text) {
        return add(Role.USER, new Block.Text(text));
    }

    /** Adds text of the model's. */
    public Prompt assistant(String text) {
        return add(Role.ASSISTANT, new Block.Text(text));
    }

    /** Adds an image of the user's; {@code mediaType} is such as {@code image/png}. */
    public Prompt image(byte[] bytes, String mediaType) {
        return image(new Source.Base64(mediaType, Base64.getEncoder().encodeToString(bytes)));
    }

    /** Adds an image of the user's that the model's server fetches, or a {@code data:} address. */
    public Prompt image(String url) {
        return image(
                Source.ofDataUrl(url).<Source>map(s -> s).orElseGet(() -> new Source.Url(url)));
    }

    private Prompt image(Source source) {
        return add(Role.USER, new Block.Image(source, null, null));
    }

    /** Adds an answer of the model's, with its thinking and its tool calls, as it was received. */
    public Prompt answer(Answer answer) {
        for (AnswerBlock block : answer.blocks()) {
            add(Role.ASSISTANT, asked(block));
        }
        return this;
    }

    private static Block asked(AnswerBlock block) {
        String text = block.text().toString();
        return switch (block.kind()) {
            case TEXT -> new Block.Text(text);
            case THINKING -> new Block.Thinking(text, block.signature().toString());
            case REDACTED_THINKING -> new Block.RedactedThinking(data(block).reader().string());
            case TOOL_USE ->
                    new Block.ToolUse(block.id(), block.name(), text, block.custom(), null);
            case REFUSAL -> new Block.Refusal(text);
            case OPAQUE -> new Block.Opaque(block.name(), data(block));
        };
    }

    private static Raw data(AnswerBlock block) {
        return Objects.requireNonNull(block.data(), "data of a block that is made of it");
    }

    /** Adds what a tool answered to the call {@code toolUseId}. */
    public Prompt toolResult(String toolUseId, String text) {
        return toolResult(toolUseId, text, false);
    }

    /** Adds that a tool failed, and how. */
    public Prompt toolError(String toolUseId, String text) {
        return toolResult(toolUseId, text, true);
    }

    private Prompt toolResult(String toolUseId, String text, boolean isError) {
        List<Block> content = List.of(new Block.Text(text));
        return add(Role.USER, new Block.ToolResult(toolUseId, content, isError, null));
    }

    /** Adds a block to the last message, if that is of {@code role}, or to a new one. */
    public Prompt add(Role role, Block block) {
        List<Block> blocks = new ArrayList<>();
        if (!messages.isEmpty() && messages.getLast().role() == role) {
            blocks.addAll(messages.removeLast().blocks());
        }
        blocks.add(block);
        messages.add(new Message(role, blocks));
        return this;
    }

    /**
     * Lets the model call a function.
     *
     * @param parameters JSON schema of its arguments
     * @throws dev.sluice.core.json.MalformedJson when {@code parameters} is not JSON
     */
    public Prompt tool(String name, String description, String parameters) {
        return tool(new Tool.Function(name, description, Raw.of(parameters), null, null));
    }

    /** Lets the model call a tool. */
    public Prompt tool(Tool tool) {
        tools.add(tool);
        return this;
    }

    /** Says whether and which tools the model must call. */
    public Prompt toolChoice(ToolChoice choice) {
        return customize(request -> request.toolChoice = choice);
    }

    /** Says how much the model shall think. */
    public Prompt thinking(ThinkingConfig thinking) {
        return customize(request -> request.thinking = thinking);
    }

    /**
     * Wants an answer of JSON that follows a schema.
     *
     * @throws dev.sluice.core.json.MalformedJson when {@code schema} is not JSON
     */
    public Prompt jsonSchema(String name, String schema) {
        ResponseFormat format = new ResponseFormat.JsonSchema(name, null, Raw.of(schema), true);
        return customize(request -> request.responseFormat = format);
    }

    /** Changes the request in the end, after the config was put in. */
    public Prompt customize(Consumer<Request.Builder> change) {
        customizers.add(change);
        return this;
    }

    /** The request to {@code model}, in the words of {@code dialect}. */
    Request request(String dialect, String model, long maxOutput, Sampling sampling) {
        Request.Builder request = Request.builder(dialect);
        request.model = model;
        request.system.addAll(system);
        request.messages.addAll(messages);
        request.tools.addAll(tools);
        request.maxOutput = maxOutput;
        request.sampling = sampling;
        for (Consumer<Request.Builder> change : customizers) {
            change.accept(request);
        }
        request.stream = true;
        request.includeUsage = true;
        return request.build();
    }

    /** The conversation alone: prompts may hold what no log should. */
    @Override
    public String toString() {
        return "Prompt[" + messages.size() + " messages, " + tools.size() + " tools]";
    }
}
