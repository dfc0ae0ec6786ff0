package dev.sluice.llama.chat;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.Tool;
import dev.sluice.llama.template.Value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the messages of a request into those of a template, as far as the template can say them:
 * what it cannot is folded into what it can, and what no text can say is refused by its name.
 */
final class Conversation {
    /** One message on its way to the template. */
    private static final class Turn {
        final String role;
        final StringBuilder text = new StringBuilder();
        String thinking = "";
        final List<Block.ToolUse> calls = new ArrayList<>();
        String resultOf = "";

        Turn(String role) {
            this.role = role;
        }

        void add(String more) {
            if (!more.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n\n").append(more);
            }
        }

        /** Whether it is text and nothing else, so that another may be joined to it. */
        boolean isPlain() {
            return calls.isEmpty() && resultOf.isEmpty();
        }
    }

    private final Abilities abilities;
    private final boolean nativeCalls;
    private final boolean separateDocuments;
    private final String thinkingMember;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Value> documents = new ArrayList<>();
    private final Map<String, String> toolNames = new HashMap<>();
    private final Map<String, String> shortIds = new HashMap<>();

    /**
     * Gathers for a template.
     *
     * @param nativeCalls whether the template writes calls and results itself
     * @param separateDocuments whether it takes documents apart from the messages
     * @param thinkingMember where it looks for the thinking of earlier turns; empty if nowhere
     */
    Conversation(
            Abilities abilities,
            boolean nativeCalls,
            boolean separateDocuments,
            String thinkingMember) {
        this.abilities = abilities;
        this.nativeCalls = nativeCalls;
        this.separateDocuments = separateDocuments;
        this.thinkingMember = thinkingMember;
    }

    /** Takes all of {@code request}, with {@code instructions} behind its system text. */
    void read(Request request, String instructions) {
        Turn system = new Turn("system");
        for (Block block : request.system()) {
            system.add(text(block, "system"));
        }
        system.add(instructions);
        if (!system.text.isEmpty()) {
            turns.add(system);
        }
        for (int i = 0; i < request.messages().size(); i++) {
            message(request.messages().get(i), "messages[" + i + "]");
        }
    }

    private void message(Message message, String place) {
        Turn turn =
                new Turn(
                        switch (message.role()) {
                            case USER -> "user";
                            case ASSISTANT -> "assistant";
                            case SYSTEM -> "system";
                        });
        List<Block> rest = new ArrayList<>();
        for (Block block : message.blocks()) {
            switch (block) {
                case Block.ToolResult result -> result(result, place);
                case Block.ToolUse use -> {
                    toolNames.put(use.id(), use.name());
                    turn.calls.add(use);
                }
                case Block.Thinking thinking -> turn.thinking += thinking.text();
                case Block.RedactedThinking _ -> {}
                default -> rest.add(block);
            }
        }
        rest.forEach(block -> turn.add(text(block, place)));
        boolean hasWords = !turn.text.isEmpty() || !turn.calls.isEmpty();
        if (hasWords || message.role() != Role.USER) {
            turns.add(turn);
        }
    }

    private void result(Block.ToolResult result, String place) {
        Turn turn = new Turn("tool");
        turn.resultOf = result.toolUseId();
        result.content().forEach(block -> turn.add(text(block, place)));
        if (result.isError()) {
            turn.text.insert(0, "Error: ");
        }
        turns.add(turn);
    }

    private String text(Block block, String place) {
        return switch (block) {
            case Block.Text text -> text.text();
            case Block.Refusal refusal -> refusal.text();
            case Block.Document document -> document(document, place);
            case Block.Image _ -> throw refused(place, "images");
            case Block.Audio _ -> throw refused(place, "sound");
            case Block.Opaque opaque -> throw refused(place, "`" + opaque.type() + "`");
            case Block.Thinking _, Block.RedactedThinking _ -> "";
            case Block.ToolUse _, Block.ToolResult _ -> throw refused(place, "a tool call here");
        };
    }

    private static RuntimeException refused(String place, String what) {
        return Failure.unsupported(place, "this local model reads text alone, not " + what)
                .asException();
    }

    private String document(Block.Document document, String place) {
        String text =
                switch (document.source()) {
                    case Source.PlainText plain -> plain.text();
                    case Source.Base64 inline when inline.mediaType().startsWith("text/") ->
                            decoded(inline, place);
                    case Source.Base64 inline ->
                            throw refused(place, "documents of " + inline.mediaType());
                    case Source.Url _ -> throw refused(place, "documents at an address");
                    case Source.FileId _ -> throw refused(place, "uploaded files");
                };
        String title = document.title() == null ? "" : document.title();
        if (separateDocuments) {
            documents.add(Messages.document(title, text));
            return "";
        }
        return title.isEmpty() ? text : title + "\n" + text;
    }

    private static String decoded(Source.Base64 source, String place) {
        try {
            return new String(Base64.getDecoder().decode(source.data()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw Failure.invalid(place, "the document is not in base64").asException();
        }
    }

    /** Documents that stand apart from the messages. */
    List<Value> documents() {
        return documents;
    }

    /** The last text of the assistant, if the conversation ends with it: it is to be continued. */
    String prefill() {
        if (turns.isEmpty() || !turns.getLast().role.equals("assistant")) {
            return "";
        }
        return turns.getLast().isPlain() ? turns.getLast().text.toString() : "";
    }

    /** The messages, in the shape and order that the template takes. */
    List<Value> messages() {
        List<Turn> ordered = nativeCalls ? turns : withoutCalls(turns);
        ordered = abilities.twoCalls() || !nativeCalls ? ordered : oneCallEach(ordered);
        ordered = withSystem(ordered);
        ordered = abilities.anyOrder() ? ordered : joined(ordered);
        List<Value> messages = new ArrayList<>();
        ordered.forEach(turn -> messages.add(message(turn)));
        return messages;
    }

    private Value message(Turn turn) {
        String text = turn.text.toString();
        if (!turn.resultOf.isEmpty()) {
            return Messages.result(
                    id(turn.resultOf),
                    toolNames.getOrDefault(turn.resultOf, ""),
                    Messages.content(text, abilities.parts()));
        }
        Value content =
                text.isEmpty() && abilities.noneContent() && !turn.calls.isEmpty()
                        ? Value.NONE
                        : Messages.content(text, abilities.parts());
        Value message;
        if (turn.calls.isEmpty()) {
            message = Messages.message(turn.role, content);
        } else {
            List<Value> calls = new ArrayList<>();
            for (Block.ToolUse use : turn.calls) {
                calls.add(
                        Messages.call(
                                id(use.id()),
                                use.name(),
                                Messages.arguments(arguments(use), abilities.textArguments())));
            }
            message = Messages.calling(content, calls);
        }
        boolean thinks = !turn.thinking.isEmpty() && !thinkingMember.isEmpty();
        // The harmony format has one place for both where a tool is called.
        boolean room = !thinkingMember.equals("thinking") || turn.calls.isEmpty() || text.isEmpty();
        return thinks && room
                ? Messages.with(message, thinkingMember, Value.of(turn.thinking))
                : message;
    }

    /** Arguments as JSON; free text becomes the one string of the function that stands for it. */
    private static String arguments(Block.ToolUse use) {
        return use.custom()
                ? "{\"input\": " + new ByteBuilder().quoted(use.arguments()) + "}"
                : use.arguments();
    }

    private String id(String id) {
        return abilities.anyId()
                ? id
                : shortIds.computeIfAbsent(
                        id,
                        _ -> {
                            String number = Integer.toString(shortIds.size() + 1);
                            return "call00000".substring(0, 9 - number.length()) + number;
                        });
    }

    /** Each call in a message of its own, with its result behind it. */
    private static List<Turn> oneCallEach(List<Turn> turns) {
        List<Turn> apart = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            if (turn.calls.size() < 2) {
                apart.add(turn);
                continue;
            }
            List<Turn> results = new ArrayList<>();
            while (i + 1 < turns.size() && !turns.get(i + 1).resultOf.isEmpty()) {
                i++;
                results.add(turns.get(i));
            }
            apart(turn, results, apart);
        }
        return apart;
    }

    private static void apart(Turn turn, List<Turn> results, List<Turn> into) {
        for (Block.ToolUse use : turn.calls) {
            Turn one = new Turn(turn.role);
            if (use.equals(turn.calls.getFirst())) {
                one.text.append(turn.text);
                one.thinking = turn.thinking;
            }
            one.calls.add(use);
            into.add(one);
            results.stream().filter(result -> result.resultOf.equals(use.id())).forEach(into::add);
        }
        results.stream()
                .filter(
                        result ->
                                turn.calls.stream()
                                        .noneMatch(use -> use.id().equals(result.resultOf)))
                .forEach(into::add);
    }

    /** Calls and results as text, in the words of {@link ToolEmulation}. */
    private static List<Turn> withoutCalls(List<Turn> turns) {
        List<Turn> plain = new ArrayList<>();
        for (Turn turn : turns) {
            if (!turn.resultOf.isEmpty()) {
                Turn last = plain.isEmpty() ? null : plain.getLast();
                Turn user = last != null && last.role.equals("user") ? last : new Turn("user");
                user.text.append(user.text.isEmpty() ? "" : "\n");
                user.text.append(ToolEmulation.result(turn.text.toString()));
                if (user != last) {
                    plain.add(user);
                }
                continue;
            }
            Turn text = new Turn(turn.role);
            text.thinking = turn.thinking;
            text.text.append(turn.text);
            for (Block.ToolUse use : turn.calls) {
                text.text.append(text.text.isEmpty() ? "" : "\n");
                text.text.append(ToolEmulation.call(use.name(), arguments(use)));
            }
            plain.add(text);
        }
        return plain;
    }

    /** System messages where the template knows none become part of the user's words. */
    private List<Turn> withSystem(List<Turn> turns) {
        List<Turn> kept = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            boolean says = i == 0 ? abilities.system() : abilities.systemInside();
            if (turn.role.equals("system") && !says) {
                pending.append(pending.isEmpty() ? "" : "\n\n").append(turn.text);
            } else if (!pending.isEmpty() && turn.role.equals("user")) {
                Turn user = new Turn("user");
                user.text.append(pending).append("\n\n").append(turn.text);
                pending.setLength(0);
                kept.add(user);
            } else {
                kept.add(turn);
            }
        }
        if (!pending.isEmpty()) {
            Turn user = new Turn("user");
            user.text.append(pending);
            kept.add(user);
        }
        return kept;
    }

    /**
     * Messages of one role become one. Between a result and words of the user stands an empty
     * answer of the model: templates that count roles leave calls and results out.
     */
    private static List<Turn> joined(List<Turn> turns) {
        List<Turn> joined = new ArrayList<>();
        for (Turn turn : turns) {
            Turn last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && !last.resultOf.isEmpty() && turn.role.equals("user")) {
                joined.add(new Turn("assistant"));
            }
            if (last != null && last.isPlain() && turn.isPlain() && last.role.equals(turn.role)) {
                Turn both = new Turn(turn.role);
                both.add(last.text.toString());
                both.add(turn.text.toString());
                both.thinking = last.thinking + turn.thinking;
                joined.set(joined.size() - 1, both);
            } else {
                joined.add(turn);
            }
        }
        return joined;
    }

    /** The declaration of {@code tool}. */
    static Value declaration(Tool tool, int index) {
        return switch (tool) {
            case Tool.Function function ->
                    Messages.tool(
                            function.name(),
                            function.description() == null ? "" : function.description(),
                            function.parameters() == null
                                    ? Messages.emptySchema()
                                    : Value.of(function.parameters()));
            case Tool.Custom custom ->
                    Messages.tool(
                            custom.name(),
                            custom.description() == null ? "" : custom.description(),
                            Messages.schemaOf("input"));
            case Tool.Hosted hosted ->
                    throw Failure.unsupported(
                                    "tools[" + index + "]",
                                    "a local model has no tool of type `" + hosted.type() + "`")
                            .asException();
        };
    }
}
