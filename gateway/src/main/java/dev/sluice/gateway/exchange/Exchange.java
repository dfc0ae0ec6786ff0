package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Elapsed;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.failure.Fault;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.request.Embed;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.TokenEstimate;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request and its response. It asks one upstream after the other until one has content, writes
 * what comes to the client, and sees to it that the end is told as what it is.
 *
 * <p>Everything happens on one event loop, so there are no locks. What an upstream says before its
 * first content (role, start, pings) is held back: until then another upstream may be tried and a
 * failure is a true HTTP status. From the first content on there is no way back, and a failure is
 * told within the stream.
 *
 * <p>One timer serves all limits: it fires at the earliest of them, looks which one is really due,
 * and is set again. So a token moves no timer.
 */
public final class Exchange implements EventSink, ClientWatch {
    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

    /** The longest wait before another try; a client's own retry is better than a longer one. */
    private static final long MOST_RETRY_MILLIS = 5_000;

    private static final long FIRST_BACKOFF_MILLIS = 250;

    /** How long an upstream may take to end its answer after it has said all. */
    private static final long LINGER_MILLIS = 1_000;

    private ClientCall call;
    private final Loop loop;
    private final Departure departure;
    private ClientTransport client;
    private final List<Candidate> candidates;
    private final ExchangeSettings settings;
    private final ExchangeListener listener;
    private final Measures measures;
    private final long start;
    private final boolean streamed;

    private int candidateIndex;
    private int triesOfCandidate;
    private int attempts;
    private @Nullable Attempt attempt;
    private Loop.@Nullable Timer timer;
    private Loop.@Nullable Timer retryTimer;

    private @Nullable EventEncoder encoder;
    private @Nullable Accumulator accumulator;
    private StreamGrammar grammar = new StreamGrammar();
    private @Nullable ByteBuilder held;
    private List<String> warnings = List.of();
    private Headers upstreamHeaders = Headers.NONE;

    /** What the upstream says of another try: {@code true}, {@code false} or nothing. */
    private String retryAdvice = "";

    /** The stream's head is out. */
    private boolean started;

    /** Content is out: no way back. */
    private boolean committed;

    private boolean ended;
    private boolean paused;
    private boolean opaqueDropped;
    private long now;
    private long lastWrite;
    private long lastContent;
    private long attemptStart;
    private long pausedSince;
    private long armed;

    /** The client has left, and the exchange goes on. */
    private boolean left;

    private long leftAt;
    private long tokensBefore;

    private Usage usage = Usage.NONE;
    private @Nullable StopReason stopReason;
    private String upstreamModel = "";
    private int status;

    /**
     * An exchange that is ready to start.
     *
     * @param candidates who may answer, in the order in which they are asked; not empty
     */
    public Exchange(
            ClientCall call,
            Loop loop,
            ClientTransport client,
            List<Candidate> candidates,
            ExchangeSettings settings,
            Departure departure,
            ExchangeListener listener) {
        this.call = call;
        this.departure = departure;
        this.loop = loop;
        this.client = client;
        this.candidates = List.copyOf(candidates);
        this.settings = settings;
        this.listener = listener;
        this.start = loop.nanoTime();
        this.now = start;
        this.lastWrite = start;
        this.measures = new Measures(start);
        this.streamed = call.operation().generates() && call.request().stream();
    }

    /** Asks the first upstream. */
    public void start() {
        notifying(listener::onStarted);
        attempt();
        arm();
    }

    // ---- attempts ----

    private void attempt() {
        Candidate candidate = candidates.get(candidateIndex);
        triesOfCandidate++;
        attempts++;
        now = loop.nanoTime();
        attemptStart = now;
        grammar = new StreamGrammar();
        accumulator = null;
        encoder = null;
        upstreamHeaders = Headers.NONE;
        retryAdvice = "";
        armEarlier();
        if (held != null) {
            held.clear();
        }
        try {
            if (call.operation() == Operation.COUNT_TOKENS && !counts(candidate)) {
                estimate();
                return;
            }
            Optional<byte[]> own = withoutModel(candidate);
            if (own.isPresent()) {
                replyVerbatim(own.get());
                return;
            }
            Attempt next = encoded(candidate);
            attempt = next;
            next.open();
        } catch (FailureException refused) {
            attempt = null;
            attemptFailed(refused.failure());
        } catch (RuntimeException | Error accident) {
            report(accident);
            attemptFailed(
                    Failure.of(
                            FailureCode.INTERNAL,
                            "the gateway failed while it wrote the request; its log names request "
                                    + call.requestId()));
        }
    }

    /** The gateway's own answer where the client asks nothing that this upstream knows of. */
    private Optional<byte[]> withoutModel(Candidate candidate) {
        if (!call.request().messages().isEmpty()) {
            return Optional.empty();
        }
        boolean relay =
                candidate.provider().dialect().filter(d -> relays(candidate, d)).isPresent();
        return relay || !call.operation().generates()
                ? Optional.empty()
                : call.dialect().encodeWithoutModel(call.request(), context());
    }

    /**
     * The request as the candidate wants it; the same request is written the same way at every try.
     */
    private Attempt encoded(Candidate candidate) {
        Optional<Dialect> dialect = candidate.provider().dialect();
        if (dialect.isEmpty()) {
            refuseIfItCannotEmbed(candidate.provider());
            return new Attempt(
                    this, candidate, Attempt.Mode.TRANSLATE, EncodedRequest.of(new byte[0]));
        }
        Dialect upstream = dialect.get();
        boolean relay = relays(candidate, upstream);
        Target target = candidate.target();
        Target asked =
                new Target(
                        target.model(),
                        target.quirks(),
                        target.defaultMaxOutput(),
                        call.operation().generates() && (!relay || streamed));
        EncodedRequest encoded =
                relay
                        ? upstream.relayRequest(call.call(), call.request(), asked)
                        : translated(upstream, asked);
        refuseIfStrict(encoded.warnings());
        warnings = encoded.warnings();
        return new Attempt(
                this,
                new Candidate(
                        candidate.provider(), asked, candidate.timeouts(), candidate.retries()),
                relay ? Attempt.Mode.RELAY : Attempt.Mode.TRANSLATE,
                encoded);
    }

    private EncodedRequest translated(Dialect upstream, Target asked) {
        return switch (call.operation()) {
            case EMBED -> upstream.encodeEmbedRequest(call.request(), asked);
            case COUNT_TOKENS -> upstream.encodeCountRequest(call.request(), asked);
            case GENERATE, COMPLETE, LIST_MODELS, SHOW_MODEL, LIST_LOADED, SHOW_VERSION ->
                    upstream.encodeRequest(call.request(), asked);
        };
    }

    private void refuseIfItCannotEmbed(Provider provider) {
        if (call.operation() == Operation.EMBED && !provider.embeds()) {
            throw Failure.unsupported(
                            "model", "provider `" + provider.name() + "` makes no embeddings")
                    .asException();
        }
    }

    private boolean relays(Candidate candidate, Dialect upstream) {
        return upstream.name().equals(call.dialect().name())
                && call.dialect().mayRelay(call.request())
                && (candidate.target().quirks().is(Quirk.STRICT_FRAMES)
                        || call.request().choices() > 1
                        || call.operation() == Operation.COMPLETE && upstream.relaysPrompts()
                        || !call.operation().generates());
    }

    private void refuseIfStrict(List<String> changed) {
        if ((settings.strict() || call.strict()) && !changed.isEmpty()) {
            throw Failure.of(
                            FailureCode.UNSUPPORTED,
                            "the upstream cannot take the request as it is ("
                                    + String.join(", ", changed)
                                    + "), and strict was asked for; leave these out, or leave"
                                    + " x-gateway-strict out to go on without them")
                    .asException();
        }
    }

    private boolean counts(Candidate candidate) {
        return candidate.provider().counts()
                || candidate.target().quirks().is(Quirk.COUNT_TOKENS)
                        && candidate.provider().dialect().isPresent();
    }

    private void estimate() {
        refuseIfStrict(List.of("estimated=input_tokens"));
        warnings = List.of("estimated=input_tokens");
        committed = true;
        reply(call.dialect().encodeCount(TokenEstimate.of(call.request())));
    }

    /** An attempt has failed: another one, the next upstream, or the end. */
    void attemptFailed(Failure failure) {
        if (ended) {
            return;
        }
        if (committed) {
            failInStream(failure);
            return;
        }
        long wait = retryWait(failure);
        if (candidateIndex + 1 < candidates.size() && mayFallBack(failure)) {
            candidateIndex++;
            triesOfCandidate = 0;
            attempt();
        } else if (wait >= 0) {
            attempt = null;
            retryTimer = loop.schedule(wait, this::retry);
        } else {
            fail(failure);
        }
    }

    private void retry() {
        retryTimer = null;
        if (!ended) {
            attempt();
        }
    }

    private static boolean mayFallBack(Failure failure) {
        return failure.code().fault() != Fault.CLIENT
                || failure.code() == FailureCode.BILLING
                || failure.code() == FailureCode.NOT_FOUND
                || failure.code() == FailureCode.PERMISSION
                || failure.code() == FailureCode.UNSUPPORTED;
    }

    /** Milliseconds until the same upstream may be tried again, or -1. */
    private long retryWait(Failure failure) {
        Candidate candidate = candidates.get(candidateIndex);
        if (!mayRetry(failure) || triesOfCandidate > candidate.retries()) {
            return -1;
        }
        Duration asked = failure.retryAfter();
        long wait =
                asked == null
                        ? FIRST_BACKOFF_MILLIS << Math.min(4, triesOfCandidate - 1)
                        : asked.toMillis();
        return wait > MOST_RETRY_MILLIS ? -1 : wait;
    }

    private boolean mayRetry(Failure failure) {
        return switch (retryAdvice) {
            case "true" -> true;
            case "false" -> false;
            default -> failure.code().retryable() && failure.code() != FailureCode.TIMEOUT;
        };
    }

    // ---- what attempts tell ----

    ClientCall call() {
        return call;
    }

    ExchangeSettings settings() {
        return settings;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isCommitted() {
        return committed;
    }

    /** Something comes from the upstream: the time of all that this turn brings. */
    void turn() {
        now = loop.nanoTime();
    }

    void connected() {
        now = loop.nanoTime();
    }

    void headOf(Head head, Dialect upstream) {
        upstreamHeaders =
                upstream.name().equals(call.dialect().name())
                        ? ResponseHeaders.allowed(head.headers())
                        : Headers.NONE;
        retryAdvice = head.headers().get("x-should-retry").orElse("").trim();
    }

    void observed(Usage told, Optional<StopReason> reason, String model) {
        usage = usage.merge(told);
        stopReason = reason.orElse(stopReason);
        upstreamModel = model.isEmpty() ? upstreamModel : model;
    }

    void observed(Answer answer) {
        observed(answer.usage(), Optional.of(answer.stopReason()), answer.model());
        measures.token(now);
    }

    /** The next frame holds content. */
    void content() {
        commit();
        measures.token(now);
        lastContent = now;
    }

    /** What is written from now on is for the client; what was held goes first. */
    void commit() {
        if (committed) {
            return;
        }
        committed = true;
        lastContent = now;
        armEarlier();
        if (streamed) {
            startStream();
            if (held != null) {
                client.out().add(held);
                held = null;
            }
            call = call.released();
        }
    }

    private void startStream() {
        if (!started) {
            started = true;
            status = 200;
            client.startStream(
                    200,
                    answerHeaders(call.dialect().streamContentType(call.request()), Headers.NONE));
        }
    }

    /** Where a frame for the client goes: out, or to what is held until there is content. */
    ByteBuilder out() {
        if (committed) {
            return client.out();
        }
        if (held == null) {
            held = new ByteBuilder(512);
        }
        return held;
    }

    /**
     * After a piece of the upstream was read: sends what it brought, and pauses the upstream if the
     * client cannot follow.
     */
    void afterRead() {
        if (!ended && held != null && held.length() > settings.maxEventBytes() && attempt != null) {
            attempt.failed(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sends signs of life without end and no content"));
        }
        if (!ended && isDrained()) {
            finish(Outcome.CANCELLED, clientGone());
        }
        if (ended || !started) {
            return;
        }
        if (committed) {
            client.flush();
            lastWrite = now;
        }
        if (!paused && !client.isWritable()) {
            paused = true;
            pausedSince = now;
            armEarlier();
            if (attempt != null) {
                attempt.pause();
            }
        }
    }

    @Override
    public void onDrained() {
        if (paused && !ended) {
            paused = false;
            now = loop.nanoTime();
            lastContent = now;
            armEarlier();
            if (attempt != null) {
                attempt.resume();
            }
        }
    }

    /** Whether a client that leaves ends this, even if it might come back. */
    public boolean endsWithClient() {
        return departure.kind() == Departure.Kind.CANCEL;
    }

    /**
     * Whatever phase this is, the upstream is given up in the same turn, unless somebody wants the
     * answer to go on.
     */
    @Override
    public void onClientGone() {
        if (ended || left) {
            return;
        }
        if (departure.ends()) {
            finish(Outcome.CANCELLED, clientGone());
            return;
        }
        left = true;
        leftAt = loop.nanoTime();
        tokensBefore = measures.tokens();
        client = new Nowhere();
        onDrained();
        armEarlier();
    }

    private static Failure clientGone() {
        return Failure.of(FailureCode.CANCELLED, "the client went away");
    }

    private boolean isDrained() {
        return left
                && departure.kind() == Departure.Kind.DRAIN
                && (measures.tokens() - tokensBefore >= departure.tokens()
                        || now >= leftAt + departure.time().toNanos());
    }

    /** The deadline that the client set for the whole answer has passed. */
    public void onDeadline() {
        if (!ended) {
            giveUp(Failure.of(FailureCode.TIMEOUT, "the deadline of the call has passed"));
        }
    }

    /** The gateway stops and will wait no longer. */
    public void onShutdown() {
        if (!ended) {
            giveUp(
                    Failure.of(
                            FailureCode.UNAVAILABLE,
                            "the gateway is stopping; send the request again"));
        }
    }

    /** Somebody who may has cancelled the answer; its client is told. */
    public void onCancel() {
        if (!ended) {
            giveUp(Failure.of(FailureCode.CANCELLED, "the answer was cancelled"));
        }
    }

    // ---- events ----

    @Override
    public void onEvent(Event event) {
        if (ended || attempt == null || attempt.isDone()) {
            return;
        }
        if (!grammar.accept(event)) {
            attempt.failed(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's stream is out of order: " + grammar.violation()));
            return;
        }
        if (call.operation() == Operation.COUNT_TOKENS) {
            counted(event, attempt);
            return;
        }
        switch (event) {
            case Event.Delta delta -> {
                if (!delta.text().isEmpty()) {
                    content();
                }
                tell(event);
            }
            case Event.Failed failed -> attempt.failed(failed.failure());
            case Event.MessageStart message -> {
                usage = usage.merge(message.usage());
                upstreamModel = message.model();
                tell(event);
            }
            case Event.BlockStart block -> {
                if (isContent(block.kind())) {
                    content();
                }
                opaqueDropped |= block.kind() == BlockKind.OPAQUE && !sameDialect();
                tell(event);
            }
            case Event.Annotation _ -> {
                commit();
                tell(event);
            }
            case Event.MessageDelta delta -> {
                usage = usage.merge(delta.usage());
                stopReason = delta.stopReason() == null ? stopReason : delta.stopReason();
                tell(event);
            }
            case Event.MessageStop _ -> {
                commit();
                tell(event);
                complete(!attempt.isCutByEmulation());
            }
            case Event.BlockStop _ -> tell(event);
            case Event.Ping _ -> ping();
        }
    }

    /** Embeddings have come; a {@code document} that is the client's already goes on as it is. */
    void embedded(Embeddings embeddings, byte @Nullable [] document) {
        if (ended) {
            return;
        }
        Embed asked = call.request().embed();
        if (asked != null
                && asked.tokens() == null
                && asked.texts().size() != embeddings.vectors().size()) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sent "
                                    + embeddings.vectors().size()
                                    + " embeddings for "
                                    + asked.texts().size()
                                    + " texts")
                    .asException();
        }
        observed(embeddings.usage(), Optional.empty(), embeddings.model());
        measures.token(now);
        committed = true;
        reply(document == null ? call.dialect().encodeEmbeddings(embeddings, context()) : document);
    }

    /** An upstream of another dialect has counted. */
    void counted(OptionalLong tokens) {
        if (ended) {
            return;
        }
        long count =
                tokens.orElseThrow(
                        () ->
                                Failure.of(
                                                FailureCode.UPSTREAM_BROKEN,
                                                "the upstream's answer has no count of tokens")
                                        .asException());
        committed = true;
        reply(call.dialect().encodeCount(count));
    }

    /** A provider inside the process counts. */
    private void counted(Event event, Attempt counting) {
        switch (event) {
            case Event.MessageDelta count -> usage = usage.merge(count.usage());
            case Event.MessageStop _ -> {
                committed = true;
                reply(call.dialect().encodeCount(usage.totalInput()));
            }
            case Event.Failed failed -> counting.failed(failed.failure());
            case Event.BlockStart _,
                    Event.Delta _,
                    Event.Annotation _,
                    Event.BlockStop _,
                    Event.MessageStart _,
                    Event.Ping _ -> {}
        }
    }

    private static boolean isContent(BlockKind kind) {
        return switch (kind) {
            case TOOL_USE, REDACTED_THINKING, OPAQUE -> true;
            case TEXT, THINKING, REFUSAL -> false;
        };
    }

    private void tell(Event event) {
        if (streamed) {
            encode(event, out());
        } else {
            if (accumulator == null) {
                accumulator = new Accumulator(settings.maxAnswerBytes());
            }
            accumulator.onEvent(event);
            accumulator.failure().ifPresent(this::fail);
        }
    }

    private void ping() {
        if (started) {
            encode(Event.PING, out());
        }
    }

    /** An accident leaves nothing half written, so that it can be told after what was. */
    private void encode(Event event, ByteBuilder out) {
        EventEncoder writer = encoder();
        int before = out.length();
        try {
            writer.encode(event, out);
        } catch (RuntimeException | Error accident) {
            out.truncate(before);
            throw accident;
        }
    }

    private EventEncoder encoder() {
        if (encoder == null) {
            encoder = call.dialect().encoder(context());
        }
        return encoder;
    }

    private EncodeContext context() {
        return new EncodeContext(
                call.operation(),
                call.exchangeId(),
                call.request().model(),
                loop.currentTimeMillis() / 1000,
                call.request().includeUsage(),
                call.requestId(),
                TokenEstimate.of(call.request()),
                sameDialect(),
                new Elapsed() {
                    @Override
                    public long total() {
                        return loop.nanoTime() - start;
                    }

                    @Override
                    public long toFirstContent() {
                        return measures.nanosToFirst();
                    }
                },
                settings(call.request()));
    }

    /** The request without the prompt, which an encoder would hold for as long as it writes. */
    private static Request settings(Request request) {
        Request.Builder bare = request.toBuilder();
        bare.system.clear();
        bare.messages.clear();
        return bare.build();
    }

    private boolean sameDialect() {
        return attempt != null
                && attempt.candidate()
                        .provider()
                        .dialect()
                        .filter(d -> d.name().equals(call.dialect().name()))
                        .isPresent();
    }

    // ---- ends ----

    /**
     * The message is whole.
     *
     * @param upstreamDone whether the upstream has said all; if not it is cancelled
     */
    void complete(boolean upstreamDone) {
        if (ended) {
            return;
        }
        if (streamed) {
            client.flush();
            client.endStream();
        } else if (accumulator != null) {
            replyAccumulated(accumulator.answer());
        }
        if (!ended) {
            ended(Outcome.COMPLETE, null);
        }
        leave(upstreamDone);
    }

    private void replyAccumulated(Answer answer) {
        byte[] body;
        try {
            body = call.dialect().encodeAnswer(answer, context());
        } catch (FailureException refused) {
            committed = false;
            fail(refused.failure());
            return;
        }
        status = 200;
        client.reply(200, answerHeaders("application/json", Headers.NONE), body);
    }

    /** Answers with the upstream's own document. */
    void replyVerbatim(byte[] body) {
        committed = true;
        reply(body);
    }

    private void reply(byte[] body) {
        status = 200;
        client.reply(200, answerHeaders("application/json", Headers.NONE), body);
        ended(Outcome.COMPLETE, null);
        leave(true);
    }

    /**
     * Lets go of an upstream whose answer is used up: its connection may serve again if it ends by
     * itself soon.
     */
    private void leave(boolean upstreamDone) {
        Attempt last = attempt;
        if (last == null) {
            return;
        }
        if (!upstreamDone) {
            last.cancel();
            return;
        }
        last.release();
        if (!last.bodyEnded()) {
            loop.execute(() -> linger(last));
        }
    }

    private void linger(Attempt last) {
        if (!last.bodyEnded()) {
            loop.schedule(LINGER_MILLIS, last::cancel);
        }
    }

    /** The upstream has told its failure within the stream, and the client has it. */
    void failedInBand(Failure failure) {
        client.flush();
        client.endStream();
        finish(Outcome.FAILED, failure);
    }

    private void giveUp(Failure failure) {
        if (committed || started) {
            failInStream(failure);
        } else {
            fail(failure);
        }
    }

    private void failInStream(Failure failure) {
        if (!streamed) {
            committed = false;
            fail(failure);
            return;
        }
        end(
                failure,
                () -> {
                    startStream();
                    encoder().goOnBehind(attempt == null ? 0 : attempt.eventsRelayed());
                    encode(new Event.Failed(failure), client.out());
                    client.flush();
                    client.endStream();
                });
    }

    private void fail(Failure failure) {
        if (started) {
            failInStream(failure);
            return;
        }
        end(
                failure,
                () -> {
                    ErrorReply error = call.dialect().encodeError(failure, call.requestId());
                    status = error.status();
                    client.reply(error.status(), errorHeaders(error.headers()), error.body());
                });
    }

    /**
     * When even the failure cannot be told, the client is cut: what it has cannot pass for whole.
     */
    private void end(Failure failure, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException | Error accident) {
            report(accident);
            client.abort();
        }
        finish(Outcome.FAILED, failure);
    }

    private void finish(Outcome outcome, Failure failure) {
        Attempt last = attempt;
        if (last != null) {
            last.observe();
            last.cancel();
        }
        ended(outcome, failure);
    }

    /** A client that has left does not have the answer, however it ended. */
    private void ended(Outcome outcome, @Nullable Failure failure) {
        if (ended) {
            return;
        }
        boolean unseen = left && outcome == Outcome.COMPLETE;
        ended = true;
        held = null;
        if (timer != null) {
            timer.cancel();
        }
        if (retryTimer != null) {
            retryTimer.cancel();
        }
        if (opaqueDropped) {
            warnings = new ArrayList<>(warnings);
            warnings.add("dropped=content_block");
        }
        notifying(
                () ->
                        listener.onEnded(
                                unseen
                                        ? record(Outcome.CANCELLED, clientGone())
                                        : record(outcome, failure)));
    }

    /** Those who watch change nothing, by their accidents neither. */
    private void notifying(Runnable notice) {
        try {
            notice.run();
        } catch (RuntimeException | Error accident) {
            report(accident);
        }
    }

    private ExchangeRecord record(Outcome outcome, @Nullable Failure failure) {
        Attempt last = attempt;
        return new ExchangeRecord(
                call.requestId(),
                call.principal(),
                call.dialect().name(),
                call.operation(),
                candidates.get(candidateIndex).label(),
                call.request().model(),
                streamed,
                last != null && last.isRelay(),
                attempts,
                status,
                outcome,
                Optional.ofNullable(stopReason),
                Optional.ofNullable(failure),
                usage,
                measures,
                (loop.nanoTime() - start) / 1e6,
                warnings);
    }

    private Headers answerHeaders(String contentType, Headers more) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", contentType));
        if (contentType.equals(call.dialect().streamContentType(call.request()))) {
            headers.add(new Header("cache-control", "no-cache, no-transform"));
            headers.add(new Header("x-accel-buffering", "no"));
        }
        headers.add(new Header("x-request-id", call.requestId()));
        if (!call.dialect().requestIdHeader().equals("x-request-id")) {
            headers.add(new Header(call.dialect().requestIdHeader(), call.requestId()));
        }
        headers.addAll(more.all());
        headers.addAll(upstreamHeaders.all());
        if (!warnings.isEmpty()) {
            headers.add(new Header("x-gateway-warnings", String.join(", ", warnings)));
        }
        return new Headers(headers);
    }

    /** Where tries were made, or forbidden, the client's own would only add to them. */
    private Headers errorHeaders(Headers ofDialect) {
        List<Header> headers = new ArrayList<>(ofDialect.all());
        if (attempts > 1 || retryAdvice.equals("false")) {
            headers.add(new Header("x-should-retry", "false"));
        }
        return answerHeaders("application/json", new Headers(headers));
    }

    void report(Throwable accident) {
        LOG.log(
                System.Logger.Level.ERROR,
                "request " + call.requestId() + ": an accident in the gateway",
                accident);
    }

    // ---- time ----

    private void arm() {
        if (!ended) {
            armed = nextDue();
            long wait = armed - loop.nanoTime();
            timer = loop.schedule(Math.max(1, wait / 1_000_000 + 1), this::onTimer);
        }
    }

    /**
     * Sets the timer anew if it would fire too late; while it fires there is none, and it is set
     * after.
     */
    private void armEarlier() {
        if (timer != null && nextDue() < armed) {
            timer.cancel();
            arm();
        }
    }

    private Timeouts timeouts() {
        return candidates.get(candidateIndex).timeouts();
    }

    private long nextDue() {
        long due = start + timeouts().total().toNanos();
        if (left && departure.kind() == Departure.Kind.DRAIN) {
            due = Math.min(due, leftAt + departure.time().toNanos());
        }
        if (paused) {
            return Math.min(due, pausedSince + settings.slowReader().toNanos());
        }
        if (keepsAlive()) {
            due = Math.min(due, lastWrite + settings.keepalive().toNanos());
        }
        if (retryTimer != null) {
            return due;
        }
        return Math.min(due, silenceEnds());
    }

    private boolean keepsAlive() {
        return streamed && !settings.keepalive().isZero();
    }

    private long silenceEnds() {
        return committed
                ? lastContent + timeouts().interToken().toNanos()
                : attemptStart + timeouts().firstToken().toNanos();
    }

    private void onTimer() {
        timer = null;
        if (ended) {
            return;
        }
        now = loop.nanoTime();
        try {
            onDue();
        } catch (RuntimeException | Error accident) {
            report(accident);
            giveUp(
                    Failure.of(
                            FailureCode.INTERNAL,
                            "the gateway failed while it waited; its log names request "
                                    + call.requestId()));
        }
        arm();
    }

    private void onDue() {
        if (now >= start + timeouts().total().toNanos()) {
            giveUp(late("the answer was not complete after ", timeouts().total()));
        } else if (isDrained()) {
            finish(Outcome.CANCELLED, clientGone());
        } else if (paused && now >= pausedSince + settings.slowReader().toNanos()) {
            slowReader();
        } else if (!paused && retryTimer == null && now >= silenceEnds()) {
            silence();
        } else if (!paused && keepsAlive() && now >= lastWrite + settings.keepalive().toNanos()) {
            keepalive();
        }
    }

    private static Failure late(String what, Duration limit) {
        return Failure.of(FailureCode.TIMEOUT, what + limit.toMillis() + " ms");
    }

    private void silence() {
        Failure failure =
                committed
                        ? late("the upstream fell silent for ", timeouts().interToken())
                        : late("the upstream sent no token within ", timeouts().firstToken());
        if (attempt != null) {
            attempt.silent(failure);
        } else {
            attemptFailed(failure);
        }
    }

    private void slowReader() {
        client.abort();
        finish(
                Outcome.FAILED,
                Failure.of(
                        FailureCode.SLOW_READER,
                        "the client took nothing for " + settings.slowReader().toMillis() + " ms"));
    }

    private void keepalive() {
        startStream();
        encode(Event.PING, client.out());
        client.flush();
        lastWrite = now;
    }
}
