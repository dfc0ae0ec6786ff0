package dev.sluice.cli.chat;

import dev.sluice.client.SluiceException;
import dev.sluice.core.event.StopReason;

/** How an answer ended, with the exit code that says it. */
public enum Outcome {
    /** The model was done. */
    WHOLE(0),
    /** It failed before anything of it came. */
    FAILED(1),
    /** The request could not be answered as it is. */
    REFUSED_REQUEST(2),
    /** It broke off; what had come is there. */
    BROKEN(3),
    /** A limit ended it: of tokens or of the model's context. */
    LIMIT(4),
    /** The model refused. */
    REFUSAL(5),
    /** The model wants tools run, and there is nobody who would run them. */
    TOOLS(6),
    /** It was stopped from this side. */
    STOPPED(130);

    private final int code;

    Outcome(int code) {
        this.code = code;
    }

    /** The exit code of a program that asked for one answer. */
    public int code() {
        return code;
    }

    /** The outcome of a message that ended for {@code reason}. */
    static Outcome of(StopReason reason) {
        return switch (reason) {
            case END_TURN, STOP_SEQUENCE, PAUSE_TURN, OTHER -> WHOLE;
            case MAX_TOKENS, CONTEXT_WINDOW -> LIMIT;
            case REFUSAL -> REFUSAL;
            case TOOL_USE -> TOOLS;
        };
    }

    /** The outcome of a stream that did not come to its end. */
    static Outcome of(SluiceException broken) {
        if (broken instanceof SluiceException.Cancelled) {
            return STOPPED;
        }
        if (!broken.partial().blocks().isEmpty()) {
            return BROKEN;
        }
        return switch (broken) {
            case SluiceException.BadRequest _, SluiceException.Authentication _ -> REFUSED_REQUEST;
            case SluiceException.Timeout _,
                    SluiceException.Generation _,
                    SluiceException.Connection _,
                    SluiceException.RateLimit _,
                    SluiceException.Cancelled _ ->
                    FAILED;
        };
    }
}
