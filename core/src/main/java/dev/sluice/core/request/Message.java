package dev.sluice.core.request;

import java.util.List;

/** One turn of a conversation. Consecutive messages of one role are allowed. */
public record Message(Role role, List<Block> blocks) {
    /** Copies the list. */
    public Message {
        blocks = List.copyOf(blocks);
    }

    /** A message of text alone. */
    public static Message of(Role role, String text) {
        return new Message(role, List.of(new Block.Text(text)));
    }
}
