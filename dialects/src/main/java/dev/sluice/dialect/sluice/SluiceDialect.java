package dev.sluice.dialect.sluice;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.Endpoint;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Answer;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.request.Request;

import java.util.List;

/**
 * The gateway's own dialect: a prompt in, one small JSON object for each token out. No model server
 * speaks it. What the events hold stands in {@code docs/streams.md}.
 */
public final class SluiceDialect implements ClientDialect {
    /** The dialect's name. */
    public static final String NAME = "sluice";

    private static final List<Endpoint> ENDPOINTS =
            List.of(
                    new Endpoint("GET", "/stream", Operation.GENERATE),
                    new Endpoint("POST", "/stream", Operation.GENERATE),
                    new Endpoint("GET", "/stream/*", Operation.GENERATE),
                    new Endpoint("POST", "/stream/*", Operation.GENERATE));

    private final ClientDialect conversations;
    private final SluiceForm form;

    private SluiceDialect(ClientDialect conversations, SluiceForm form) {
        this.conversations = conversations;
        this.form = form;
    }

    /**
     * The dialect as {@code EventSource} reads it; {@code conversations} is the one whose requests
     * it takes beside its own members.
     */
    public SluiceDialect(ClientDialect conversations) {
        this(conversations, new SluiceForm.Sse());
    }

    /** The same events, one on a line, each with the client's own {@code id} for this answer. */
    public SluiceDialect inLines(String id) {
        return new SluiceDialect(conversations, new SluiceForm.Lines(id));
    }

    /** Whether events have ids by which a client may take the stream up again. */
    public boolean isResumable() {
        return form instanceof SluiceForm.Sse;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Endpoint> endpoints() {
        return ENDPOINTS;
    }

    @Override
    public boolean claims(Headers headers) {
        return false;
    }

    @Override
    public Request decodeRequest(Call call) {
        return SluiceRequests.decode(call, conversations);
    }

    @Override
    public boolean mayOmitModel() {
        return true;
    }

    @Override
    public EventEncoder encoder(EncodeContext context) {
        return new SluiceEventEncoder(context, form);
    }

    @Override
    public byte[] encodeAnswer(Answer answer, EncodeContext context) {
        return SluiceAnswers.encode(answer, context);
    }

    @Override
    public ErrorReply encodeError(Failure failure, String requestId) {
        return SluiceErrors.reply(failure, form, requestId);
    }

    @Override
    public String streamContentType() {
        return form.contentType();
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }
}
