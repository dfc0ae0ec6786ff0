package dev.sluice.dialect.anthropic;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Seal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A conversation in the shape that this wire demands: instructions apart; turns that begin with the
 * user; in a turn of the user the results of tools first, one for each call of the turn before; no
 * empty text.
 *
 * @param system instructions
 * @param turns of user and assistant; in a conversation of this dialect also instructions in
 *     between
 */
record Conversation(List<Block> system, List<Message> turns) {
    private static final String NO_RESULT = "no result: the call was interrupted";

    /** A conversation of this dialect's own, as the client wrote it. */
    static Conversation own(Request request) {
        return new Conversation(request.system(), request.messages());
    }

    /**
     * A conversation of another dialect.
     *
     * @param sealedOnly whether thinking without its vendor's seal would be refused
     * @throws dev.sluice.core.failure.FailureException when there is a block that this wire has no
     *     counterpart for
     */
    static Conversation shaped(Request request, boolean sealedOnly, Warnings warnings) {
        Shaper shaper = new Shaper(sealedOnly, warnings);
        for (Block block : request.system()) {
            shaper.instruct(block);
        }
        for (Message message : request.messages()) {
            shaper.add(message);
        }
        return shaper.finish();
    }

    /** Whether the assistant's last turn is to be continued by the model. */
    boolean endsWithAssistant() {
        return turns.getLast().role() == Role.ASSISTANT;
    }

    /**
     * Whether the model is to go on after results of tools that it called in a turn without
     * thinking.
     */
    boolean callsWithoutThinking() {
        int last = turns.size() - 1;
        if (last < 1 || !(turns.get(last).blocks().getFirst() instanceof Block.ToolResult)) {
            return false;
        }
        List<Block> before = turns.get(last - 1).blocks();
        return !(before.getFirst() instanceof Block.Thinking)
                && !(before.getFirst() instanceof Block.RedactedThinking);
    }

    /** Brings turns into shape, one message after the other. */
    private static final class Shaper {
        private final boolean sealedOnly;
        private final Warnings warnings;
        private final List<Block> system = new ArrayList<>();
        private final List<Role> roles = new ArrayList<>();
        private final List<List<Block>> turns = new ArrayList<>();

        Shaper(boolean sealedOnly, Warnings warnings) {
            this.sealedOnly = sealedOnly;
            this.warnings = warnings;
        }

        void instruct(Block block) {
            if (!(block instanceof Block.Text text)) {
                throw unsupported("instructions that are no text");
            }
            if (!text.text().isBlank()) {
                system.add(text);
            }
        }

        void add(Message message) {
            if (message.role() == Role.SYSTEM) {
                warnings.moved("system");
                message.blocks().forEach(this::instruct);
                return;
            }
            for (Block block : message.blocks()) {
                if (block instanceof Block.Opaque own && message.role() == Role.ASSISTANT) {
                    // What another vendor's own tools did in an earlier turn.
                    warnings.dropped(own.type());
                    continue;
                }
                clean(block).ifPresent(kept -> turn(message.role()).add(kept));
            }
        }

        private List<Block> turn(Role role) {
            if (roles.isEmpty() || roles.getLast() != role) {
                roles.add(role);
                turns.add(new ArrayList<>());
            }
            return turns.getLast();
        }

        private Optional<Block> clean(Block block) {
            return switch (block) {
                case Block.Text text ->
                        text.text().isBlank() ? Optional.empty() : Optional.of(text);
                case Block.Refusal refusal ->
                        refusal.text().isBlank()
                                ? Optional.empty()
                                : Optional.of(new Block.Text(refusal.text()));
                case Block.Thinking thinking -> thinking(thinking);
                case Block.RedactedThinking redacted -> redacted(redacted);
                case Block.Audio _ -> throw unsupported("sound");
                case Block.Opaque opaque -> throw unsupported("`" + opaque.type() + "`");
                case Block.Image _, Block.Document _, Block.ToolUse _, Block.ToolResult _ ->
                        Optional.of(block);
            };
        }

        /**
         * An empty text with a seal is thinking that its vendor did not show, and as good as any
         * other.
         */
        private Optional<Block> thinking(Block.Thinking thinking) {
            boolean sealed =
                    !thinking.signature().isEmpty() && !Seal.isMarked(thinking.signature());
            if (sealedOnly ? sealed : sealed || !thinking.text().isEmpty()) {
                return Optional.of(thinking);
            }
            warnings.dropped("thinking");
            return Optional.empty();
        }

        /** What another vendor has sealed is of no use to this one. */
        private Optional<Block> redacted(Block.RedactedThinking redacted) {
            if (Seal.isMarked(redacted.data())) {
                warnings.dropped("thinking");
                return Optional.empty();
            }
            return Optional.of(redacted);
        }

        Conversation finish() {
            beginWithUser();
            for (int i = 0; i < turns.size(); i++) {
                if (roles.get(i) == Role.ASSISTANT) {
                    answerCalls(i);
                } else {
                    turns.set(i, resultsFirst(turns.get(i)));
                }
            }
            endWithoutSpace();
            List<Message> messages = new ArrayList<>();
            for (int i = 0; i < turns.size(); i++) {
                messages.add(new Message(roles.get(i), turns.get(i)));
            }
            return new Conversation(system, messages);
        }

        private void beginWithUser() {
            if (roles.isEmpty() || roles.getFirst() != Role.USER) {
                roles.addFirst(Role.USER);
                turns.addFirst(new ArrayList<>(List.of(new Block.Text("."))));
            }
        }

        /**
         * Gives every call of turn {@code i} a result in the turn after it, where the client has
         * none.
         */
        private void answerCalls(int i) {
            List<Block> missing = new ArrayList<>();
            Set<String> answered = answered(i + 1);
            for (Block block : turns.get(i)) {
                if (block instanceof Block.ToolUse use && answered.add(use.id())) {
                    List<Block> words = List.of(new Block.Text(NO_RESULT));
                    missing.add(new Block.ToolResult(use.id(), words, true, null));
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            warnings.emulated("tool_result");
            if (i + 1 == turns.size()) {
                roles.add(Role.USER);
                turns.add(new ArrayList<>());
            }
            turns.get(i + 1).addAll(missing);
        }

        private Set<String> answered(int i) {
            Set<String> ids = new HashSet<>();
            if (i < turns.size()) {
                for (Block block : turns.get(i)) {
                    if (block instanceof Block.ToolResult result) {
                        ids.add(result.toolUseId());
                    }
                }
            }
            return ids;
        }

        private static List<Block> resultsFirst(List<Block> turn) {
            List<Block> results = new ArrayList<>();
            List<Block> others = new ArrayList<>();
            for (Block block : turn) {
                (block instanceof Block.ToolResult ? results : others).add(block);
            }
            results.addAll(others);
            return results;
        }

        /** A beginning that the model shall go on from must not end in white space. */
        private void endWithoutSpace() {
            List<Block> last = turns.getLast();
            if (roles.getLast() == Role.ASSISTANT && last.getLast() instanceof Block.Text text) {
                last.set(
                        last.size() - 1,
                        new Block.Text(text.text().stripTrailing(), text.cacheControl()));
            }
        }
    }

    private static RuntimeException unsupported(String what) {
        return Failure.unsupported(
                        "messages",
                        "messages: "
                                + what
                                + " cannot be sent to a model that speaks Anthropic Messages")
                .asException();
    }
}
