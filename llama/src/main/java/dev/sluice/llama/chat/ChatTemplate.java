package dev.sluice.llama.chat;

import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
import dev.sluice.llama.template.Limits;
import dev.sluice.llama.template.Template;
import dev.sluice.llama.template.TemplateException;
import dev.sluice.llama.template.Value;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The chat template of one model: what it can say is found out once, then it makes a prompt of each
 * request. For any number of threads.
 */
public final class ChatTemplate {
    /** The template of models that bring none along: what most of them have seen. */
    public static final String CHAT_ML =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n"
                    + "' + message['content'] + '<|im_end|>' + '\\n"
                    + "' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n"
                    + "' }}{% endif %}";

    /** The member of a request that gives variables to the template, as local servers take it. */
    public static final String VARIABLES = "chat_template_kwargs";

    private static final String PROBE = "probe-assistant";

    /** Variables that a request cannot set by {@code chat_template_kwargs}. */
    private static final Set<String> OWN =
            Set.of(
                    "messages",
                    "tools",
                    "documents",
                    "add_generation_prompt",
                    "bos_token",
                    "eos_token");

    private final Template template;
    private final Map<String, Value> tokens;
    private final String bosToken;
    private final Abilities abilities;
    private final ToolFormat format;
    private final String thinkingMember;
    private final List<String> stops;
    private final InstantSource clock;

    private ChatTemplate(Template template, String bosToken, String eosToken, InstantSource clock) {
        this.template = template;
        this.bosToken = bosToken;
        this.clock = clock;
        tokens = Map.of("bos_token", Value.of(bosToken), "eos_token", Value.of(eosToken));
        abilities = Abilities.of(template, tokens);
        format = ToolFormat.of(template.source());
        thinkingMember =
                template.mentions("reasoning_content")
                        ? "reasoning_content"
                        : format.calls().body() == CallForm.Body.HARMONY ? "thinking" : "";
        List<String> all = new ArrayList<>(format.stops());
        String end = format.calls().body() == CallForm.Body.HARMONY ? "" : turnEnd();
        if (!end.isEmpty() && !all.contains(end)) {
            all.add(end);
        }
        // The engine knows that token, and its text may be an HTML tag that somebody asks for.
        all.remove(eosToken);
        stops = List.copyOf(all);
    }

    /**
     * Reads the template of a model.
     *
     * @param source the template as it stands in the model's file
     * @param bosToken the text of the token that begins a text, empty if there is none
     * @param eosToken the text of the token that ends one
     * @throws TemplateException when the template is malformed
     */
    public static ChatTemplate of(String source, String bosToken, String eosToken) {
        return of(source, bosToken, eosToken, InstantSource.system());
    }

    /** As the other one, with a clock that templates ask for the date. */
    public static ChatTemplate of(
            String source, String bosToken, String eosToken, InstantSource clock) {
        return new ChatTemplate(Template.of(source), bosToken, eosToken, clock);
    }

    /** How the model writes calls and thinking. */
    public ToolFormat format() {
        return format;
    }

    /**
     * Whether the template declares tools, and the form of calls is known; else they are emulated.
     */
    public boolean declaresTools() {
        return abilities.tools() && abilities.calls() && format.hasCalls();
    }

    /** The marker behind an assistant's message; empty where no marker stands. */
    private String turnEnd() {
        String text;
        try {
            text =
                    template.render(
                            variables(
                                    List.of(
                                            Messages.message(
                                                    "user",
                                                    Messages.content("x", abilities.parts())),
                                            Messages.message(
                                                    "assistant",
                                                    Messages.content(PROBE, abilities.parts()))),
                                    false));
        } catch (TemplateException _) {
            return "";
        }
        int at = text.indexOf(PROBE);
        return at < 0 ? "" : marker(text.substring(at + PROBE.length()).stripLeading());
    }

    private String marker(String text) {
        if (!text.startsWith("<")) {
            return "";
        }
        int end = text.indexOf('>');
        String marker = text.substring(0, end + 1);
        if (format.silent().contains(marker)) {
            return marker(text.substring(end + 1).stripLeading());
        }
        return marker.indexOf(' ') < 0 ? marker : "";
    }

    private Map<String, Value> variables(List<Value> messages, boolean generate) {
        Map<String, Value> variables = new LinkedHashMap<>(tokens);
        variables.put("messages", new Value.Items(messages));
        variables.put("add_generation_prompt", Value.of(generate));
        return variables;
    }

    /**
     * The prompt of a request.
     *
     * @throws dev.sluice.core.failure.FailureException when the request has what no text can say,
     *     or the template refuses it
     */
    public ChatPrompt prompt(Request request) {
        List<Tool> tools = tools(request);
        List<Value> declarations = new ArrayList<>();
        for (int i = 0; i < tools.size(); i++) {
            declarations.add(Conversation.declaration(tools.get(i), i));
        }
        boolean own = declaresTools();
        Conversation conversation =
                new Conversation(
                        abilities,
                        own || tools.isEmpty() && abilities.calls(),
                        template.mentions("documents"),
                        thinkingMember);
        conversation.read(
                request, own || tools.isEmpty() ? "" : ToolEmulation.instructions(declarations));
        String text = render(request, conversation, own ? declarations : List.of());
        ToolFormat written = own ? format : format.withCalls(CallForm.HERMES);
        ToolFormat used = isHarmony() ? format : written;
        ChatPrompt prompt =
                new ChatPrompt(
                        text,
                        !bosToken.isEmpty() && text.startsWith(bosToken),
                        stops,
                        used,
                        tools,
                        emulations(request, tools),
                        java.util.Optional.empty());
        return prompt.withGrammar(AnswerGrammar.of(request, prompt, template.source()));
    }

    private boolean isHarmony() {
        return format.calls().body() == CallForm.Body.HARMONY;
    }

    /** The tools that the model may call. */
    private static List<Tool> tools(Request request) {
        return switch (request.toolChoice()) {
            case ToolChoice.None _ -> List.of();
            case ToolChoice.Allowed allowed ->
                    request.tools().stream()
                            .filter(tool -> allowed.names().contains(tool.name()))
                            .toList();
            case ToolChoice.Auto _, ToolChoice.Required _, ToolChoice.Named _ -> request.tools();
            case null -> request.tools();
        };
    }

    private static Emulations emulations(Request request, List<Tool> tools) {
        Set<String> custom = new HashSet<>();
        for (Tool tool : tools) {
            if (tool instanceof Tool.Custom) {
                custom.add(tool.name());
            }
        }
        return new Emulations(Map.of(), custom, request.sampling().stop());
    }

    private String render(Request request, Conversation conversation, List<Value> declarations) {
        String prefill = conversation.prefill();
        List<Value> messages = conversation.messages();
        Map<String, Value> variables = variables(messages, prefill.isEmpty());
        if (!declarations.isEmpty()) {
            variables.put("tools", new Value.Items(declarations));
        }
        if (!conversation.documents().isEmpty()) {
            variables.put("documents", new Value.Items(conversation.documents()));
        }
        thinking(request, variables);
        arguments(request, variables);
        try {
            String text = template.render(variables, clock, Limits.DEFAULT);
            return prefill.isEmpty() ? text : upTo(text, prefill);
        } catch (TemplateException error) {
            throw error.raised()
                    ? Failure.invalid(
                                    "messages",
                                    "the model's chat template refuses: " + error.problem())
                            .asException()
                    : Failure.unsupported(
                                    "messages",
                                    "the model's chat template cannot render this conversation: "
                                            + error.getMessage())
                            .asException();
        }
    }

    /** The text up to the last message, which the model goes on with. */
    private static String upTo(String text, String prefill) {
        String words = prefill.strip();
        int at = words.isEmpty() ? -1 : text.lastIndexOf(words);
        return at < 0 ? text : text.substring(0, at + words.length());
    }

    private static void thinking(Request request, Map<String, Value> variables) {
        ThinkingConfig thinking = request.thinking();
        if (thinking == null) {
            return;
        }
        boolean on = thinking.mode() != ThinkingConfig.Mode.OFF;
        variables.put("enable_thinking", Value.of(on));
        variables.put("thinking", Value.of(on));
        String effort =
                switch (thinking.asEffort()) {
                    case UNSAID -> "";
                    case NONE, MINIMAL, LOW -> "low";
                    case MEDIUM -> "medium";
                    case HIGH, XHIGH, MAX -> "high";
                };
        if (!effort.isEmpty()) {
            variables.put("reasoning_effort", Value.of(effort));
        }
    }

    /** What other local servers take as {@code chat_template_kwargs} is taken here as well. */
    private static void arguments(Request request, Map<String, Value> variables) {
        Raw raw = request.extra().get(VARIABLES);
        if (raw != null && Value.of(raw) instanceof Value.Members(Map<String, Value> more)) {
            more.forEach(
                    (name, value) -> {
                        if (!OWN.contains(name)) {
                            variables.put(name, value);
                        }
                    });
        }
    }
}
