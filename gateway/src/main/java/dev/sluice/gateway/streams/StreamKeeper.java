package dev.sluice.gateway.streams;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.dialect.sluice.SluiceDialect;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.ingress.KeptAnswers;
import dev.sluice.gateway.ingress.Query;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * Lets clients of the gateway's own streams take them up again by the id of the last event that
 * they had, as {@code EventSource} does by itself. The model is not asked a second time. A client
 * that wants no more of its stream says so by {@code DELETE}: of a connection that is closed nobody
 * can tell whether it was lost.
 *
 * <p>A stream is found by the key that started it and by no other, and only with the prompt that
 * started it, or with none.
 */
public final class StreamKeeper implements KeptAnswers {
    private static final String LAST_EVENT = "last-event-id";

    private static final String STOP = "DELETE";
    private static final String ROOT = "/stream";
    private static final String ID = "id";

    private final SluiceDialect own;
    private final StreamStore store;

    /** A keeper of streams in {@code store}, whose clients speak {@code own}. */
    public StreamKeeper(SluiceDialect own, StreamStore store) {
        this.own = own;
        this.store = store;
    }

    @Override
    public boolean keeps(ClientDialect dialect) {
        return dialect instanceof SluiceDialect own && own.isResumable();
    }

    @Override
    public Optional<ClientDialect> dialectOf(String method, String path) {
        return method.equals(STOP) && isStream(path) ? Optional.of(own) : Optional.empty();
    }

    @Override
    public List<String> methods(String path) {
        return isStream(path) ? List.of(STOP) : List.of();
    }

    private static boolean isStream(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    @Override
    public Answering answer(Return request, ClientTransport client, Loop loop) {
        String told = idOf(request);
        Optional<EventId> event = EventId.of(told);
        if (event.filter(EventId::last).isPresent()) {
            return new Nothing(client);
        }
        KeptStream stream =
                store.find(event.map(EventId::stream).orElse(told))
                        .filter(kept -> kept.principal().equals(request.principal()))
                        .orElseThrow(StreamKeeper::unknown);
        return new Stop(stream, client, loop);
    }

    /** The id by which a client says which stream it means: of any of its events, or its own. */
    private static String idOf(Return request) {
        String named = new Query(request.query()).text(ID, request.lastEventId());
        if (named.isEmpty()) {
            throw Failure.invalid(
                            ID,
                            "say which stream is to stop: send the id of one of its events as"
                                    + " Last-Event-ID, or as `id` in the address")
                    .asException();
        }
        return named;
    }

    @Override
    public Admitted admit(
            ClientCall call, List<Candidate> candidates, ClientTransport client, Loop loop) {
        return store.isEnabled() && call.request().stream()
                ? new KeptStream(call, client, loop, store, digest(call.call()))
                : KeptAnswers.unkept(call, client);
    }

    @Override
    public Optional<Answering> resume(
            ClientDialect dialect, Call call, String principal, ClientTransport client, Loop loop) {
        String told = call.headers().get(LAST_EVENT).orElse("").trim();
        if (told.isEmpty()) {
            return Optional.empty();
        }
        EventId id =
                EventId.of(told)
                        .orElseThrow(
                                () ->
                                        invalid(
                                                "Last-Event-ID is not the id of an event of this"
                                                        + " gateway; leave it out to ask anew"));
        if (id.last()) {
            return Optional.of(new Nothing(client));
        }
        KeptStream stream =
                store.find(id.stream())
                        .filter(kept -> kept.principal().equals(principal))
                        .orElseThrow(StreamKeeper::lost);
        if (!isBare(call) && !MessageDigest.isEqual(stream.asked(), digest(call))) {
            throw invalid(
                    "Last-Event-ID is of a stream with another prompt; leave it out to ask anew");
        }
        Comeback comeback = new Comeback(stream, id.number(), dialect, client, loop);
        return switch (stream.attach(comeback, id.number() + 1)) {
            case ATTACHED -> Optional.of(comeback);
            case TOO_LATE -> throw lost();
            case TOO_EARLY -> throw invalid("Last-Event-ID is of an event that has not been");
        };
    }

    /** Whether the client says nothing but which stream it means. */
    private static boolean isBare(Call call) {
        return call.body().length <= 2;
    }

    private static byte[] digest(Call call) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(call.path().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(call.body());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException invalid(String message) {
        return Failure.invalid(LAST_EVENT, message).asException();
    }

    private static RuntimeException lost() {
        return new Failure(
                        FailureCode.NOT_FOUND,
                        "this stream cannot be taken up again: it was not started with this key, or"
                                + " what follows is no longer kept; ask anew without Last-Event-ID",
                        LAST_EVENT,
                        null,
                        null,
                        0)
                .asException();
    }

    private static RuntimeException unknown() {
        return new Failure(
                        FailureCode.NOT_FOUND,
                        "there is no such stream to stop: it was not started with this key, or is"
                                + " over and no longer kept",
                        ID,
                        null,
                        null,
                        0)
                .asException();
    }

    /** Stops a stream, and says so when it has stopped. */
    private record Stop(KeptStream stream, ClientTransport client, Loop loop) implements Answering {
        @Override
        public void start() {
            stream.stop(() -> loop.execute(() -> new Nothing(client).start()));
        }

        @Override
        public void onDrained() {}

        @Override
        public void onClientGone() {}
    }

    /** What a client is told that has all of a stream: {@code EventSource} stops at this. */
    private record Nothing(ClientTransport client) implements Answering {
        @Override
        public void start() {
            client.reply(204, Headers.NONE, new byte[0]);
        }

        @Override
        public void onDrained() {}

        @Override
        public void onClientGone() {}
    }
}
