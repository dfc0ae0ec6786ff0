package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Seal;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A conversation in the shape that this wire demands: instructions apart; turns that begin with the
 * user and alternate; in a turn of the user the results of tools first, one for each call of the
 * turn before; no blank text; text beside a document.
 *
 * @param system instructions
 * @param turns of user and assistant; in a conversation of this dialect as the client wrote them
 */
record BedrockConversation(List<Block> system, List<Message> turns) {
    private static final String NO_RESULT = "no result: the call was interrupted";

    /** The conversation of {@code outgoing}. */
    static BedrockConversation of(Outgoing outgoing) {
        if (outgoing.sameDialect()) {
            return new BedrockConversation(
                    outgoing.request().system(), outgoing.request().messages());
        }
        Shaper shaper = new Shaper(outgoing);
        outgoing.request().system().forEach(shaper::instruct);
        List<Message> messages = outgoing.request().messages();
        for (int i = 0; i < messages.size(); i++) {
            shaper.add(messages.get(i));
            shaper.answer(outgoing.unanswered(i));
        }
        return shaper.finish();
    }

    /** The tools that were called. */
    Set<String> calledTools() {
        Set<String> names = new LinkedHashSet<>();
        for (Message turn : turns) {
            for (Block block : turn.blocks()) {
                if (block instanceof Block.ToolUse call) {
                    names.add(call.name());
                }
            }
        }
        return names;
    }

    /** Whether there is a call of a tool, or a result of one. */
    boolean mentionsTools() {
        return turns.stream()
                .flatMap(turn -> turn.blocks().stream())
                .anyMatch(
                        block ->
                                block instanceof Block.ToolUse
                                        || block instanceof Block.ToolResult);
    }

    /**
     * Whether the model is to go on after results of tools that it called in a turn without
     * thinking, or from the beginning of its own turn.
     */
    boolean forbidsThinking() {
        int last = turns.size() - 1;
        if (turns.get(last).role() == Role.ASSISTANT) {
            return true;
        }
        if (last < 1 || !(turns.get(last).blocks().getFirst() instanceof Block.ToolResult)) {
            return false;
        }
        Block first = turns.get(last - 1).blocks().getFirst();
        return !(first instanceof Block.Thinking) && !(first instanceof Block.RedactedThinking);
    }

    /** Brings turns into shape, one message after the other. */
    private static final class Shaper {
        private final Outgoing outgoing;
        private final List<Block> system = new ArrayList<>();
        private final List<Role> roles = new ArrayList<>();
        private final List<List<Block>> turns = new ArrayList<>();

        Shaper(Outgoing outgoing) {
            this.outgoing = outgoing;
        }

        void instruct(Block block) {
            if (!(block instanceof Block.Text text)) {
                throw Outgoing.refused("system", "instructions that are no text cannot be sent");
            }
            if (!text.text().isBlank()) {
                system.add(text);
            }
        }

        void add(Message message) {
            if (message.role() == Role.SYSTEM) {
                outgoing.emulated("system");
                message.blocks().forEach(this::instruct);
                return;
            }
            for (Block block : message.blocks()) {
                if (block instanceof Block.Opaque own && message.role() == Role.ASSISTANT) {
                    // What another vendor's own tools did in an earlier turn.
                    outgoing.dropped(own.type());
                } else {
                    cleaned(block).ifPresent(kept -> turn(message.role()).add(kept));
                }
            }
        }

        /** Gives calls that nobody has answered a result. */
        void answer(Set<String> calls) {
            for (String call : calls) {
                outgoing.emulated("tool_result");
                turn(Role.USER)
                        .add(
                                new Block.ToolResult(
                                        call, List.of(new Block.Text(NO_RESULT)), true, null));
            }
        }

        private List<Block> turn(Role role) {
            if (roles.isEmpty() || roles.getLast() != role) {
                roles.add(role);
                turns.add(new ArrayList<>());
            }
            return turns.getLast();
        }

        private Optional<Block> cleaned(Block block) {
            return switch (block) {
                case Block.Text text ->
                        text.text().isBlank() ? Optional.empty() : Optional.of(text);
                case Block.Refusal refusal ->
                        refusal.text().isBlank()
                                ? Optional.empty()
                                : Optional.of(new Block.Text(refusal.text()));
                case Block.Thinking thinking -> thinking(thinking);
                case Block.RedactedThinking redacted -> redacted(redacted);
                case Block.Opaque opaque ->
                        throw Outgoing.refused(
                                "messages",
                                "`" + opaque.type() + "` has no counterpart at this upstream");
                case Block.Image _,
                        Block.Document _,
                        Block.Audio _,
                        Block.ToolUse _,
                        Block.ToolResult _ ->
                        Optional.of(block);
            };
        }

        /** Thinking without its vendor's seal would be refused, and so would a block of nothing. */
        private Optional<Block> thinking(Block.Thinking thinking) {
            boolean sealed =
                    !thinking.signature().isEmpty() && !Seal.isMarked(thinking.signature());
            if (sealed && !thinking.text().isEmpty()) {
                return Optional.of(thinking);
            }
            outgoing.dropped("thinking");
            return Optional.empty();
        }

        /** What another vendor has sealed is of no use to this one; and it must be bytes here. */
        private Optional<Block> redacted(Block.RedactedThinking redacted) {
            if (!Seal.isMarked(redacted.data()) && isBase64(redacted.data())) {
                return Optional.of(redacted);
            }
            outgoing.dropped("thinking");
            return Optional.empty();
        }

        private static boolean isBase64(String data) {
            try {
                return Base64.getDecoder().decode(data).length > 0;
            } catch (IllegalArgumentException other) {
                return false;
            }
        }

        BedrockConversation finish() {
            if (roles.isEmpty() || roles.getFirst() != Role.USER) {
                roles.addFirst(Role.USER);
                turns.addFirst(new ArrayList<>(List.of(new Block.Text("."))));
            }
            List<Message> messages = new ArrayList<>();
            for (int i = 0; i < turns.size(); i++) {
                List<Block> turn = turns.get(i);
                if (roles.get(i) == Role.USER) {
                    turn = besideDocuments(resultsFirst(turn));
                } else if (i == turns.size() - 1) {
                    endWithoutSpace(turn);
                }
                messages.add(new Message(roles.get(i), turn));
            }
            return new BedrockConversation(system, messages);
        }

        private static List<Block> resultsFirst(List<Block> turn) {
            List<Block> ordered = new ArrayList<>();
            turn.stream().filter(b -> b instanceof Block.ToolResult).forEach(ordered::add);
            turn.stream().filter(b -> !(b instanceof Block.ToolResult)).forEach(ordered::add);
            return ordered;
        }

        private static List<Block> besideDocuments(List<Block> turn) {
            boolean document = turn.stream().anyMatch(b -> b instanceof Block.Document);
            boolean text = turn.stream().anyMatch(b -> b instanceof Block.Text);
            if (document && !text) {
                turn.add(new Block.Text("."));
            }
            return turn;
        }

        /** A beginning that the model shall go on from must not end in white space. */
        private static void endWithoutSpace(List<Block> turn) {
            if (turn.getLast() instanceof Block.Text text) {
                turn.set(
                        turn.size() - 1,
                        new Block.Text(text.text().stripTrailing(), text.cacheControl()));
            }
        }
    }
}
