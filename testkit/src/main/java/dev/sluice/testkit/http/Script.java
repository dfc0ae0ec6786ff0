package dev.sluice.testkit.http;

import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Split;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What a {@link FakeUpstream} does with one request, step by step. A script is a value: each method
 * returns a longer one.
 *
 * {@snippet :
 * Script.stream()                          // 200, text/event-stream, chunked
 *         .send(chat.role())
 *         .await(gate)                     // until the test opens it
 *         .send(Splits.sized(rest, 7))     // one write, and one chunk, per piece
 *         .reset();                        // RST
 * }
 *
 * Steps before the first byte of the body shape the head; it goes out with the first byte, or with
 * {@link #sendHead}. A script that ends without saying how ends the body as its framing demands and
 * keeps the connection. When the peer goes away, the script stops where it is.
 */
public final class Script {
    private static final byte[] NO_BYTES = {};
    private static final int HUGE_PIECE = 64 * 1024;

    private final List<Step> steps;
    private final State state;

    /** One thing to do. */
    @FunctionalInterface
    interface Step {
        void play(ScriptRun run) throws IOException, InterruptedException;
    }

    private enum State {
        HEAD,
        BODY,
        OVER
    }

    private Script(List<Step> steps, State state) {
        this.steps = steps;
        this.state = state;
    }

    // Beginnings

    /**
     * An answer with this status; content-length framing is not set, so the body is chunked unless
     * said otherwise.
     */
    public static Script status(int status) {
        return new Script(List.of(), State.HEAD).then(State.HEAD, run -> run.status(status));
    }

    /** 200 with chunked server-sent events to follow. */
    public static Script stream() {
        return status(200).header("content-type", "text/event-stream; charset=utf-8");
    }

    /** A whole event stream, one chunk. */
    public static Script stream(byte[] body) {
        return stream().send(body);
    }

    /** A whole event stream in pieces. */
    public static Script stream(Split split) {
        return stream().send(split);
    }

    /** A whole body with its length and type. */
    public static Script body(int status, String contentType, byte[] body) {
        return status(status).header("content-type", contentType).length(body.length).send(body);
    }

    /** A whole JSON answer. */
    public static Script json(int status, String json) {
        return body(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole page, as proxies answer when something is down. */
    public static Script html(int status) {
        String page =
                "<!DOCTYPE html>\n<html><head><title>"
                        + status
                        + "</title></head><body>nginx</body></html>\n";
        return body(status, "text/html", page.getBytes(StandardCharsets.UTF_8));
    }

    /** 429 with {@code retry-after} in whole seconds. */
    public static Script tooManyRequests(Duration retryAfter, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return status(429)
                .header("content-type", "application/json")
                .header("retry-after", Long.toString(retryAfter.toSeconds()))
                .length(body.length)
                .send(body);
    }

    /** The list of models in OpenAI's shape. */
    public static Script openAiModels(String... ids) {
        String data =
                Arrays.stream(ids)
                        .map(
                                id ->
                                        "{\"id\":"
                                                + Json.quote(id)
                                                + ",\"object\":\"model\",\"created\":1760000000,\"owned_by\":\"test\"}")
                        .collect(Collectors.joining(","));
        return json(200, "{\"object\":\"list\",\"data\":[" + data + "]}");
    }

    /** The list of models in Anthropic's shape. */
    public static Script anthropicModels(String... ids) {
        String data =
                Arrays.stream(ids)
                        .map(
                                id ->
                                        "{\"type\":\"model\",\"id\":"
                                                + Json.quote(id)
                                                + ",\"display_name\":"
                                                + Json.quote(id)
                                                + ",\"created_at\":\"2026-01-01T00:00:00Z\"}")
                        .collect(Collectors.joining(","));
        return json(200, "{\"data\":[" + data + "],\"has_more\":false}");
    }

    /**
     * Exactly these bytes and nothing of ours around them: a half head, two heads, a chunk of a
     * wrong size.
     */
    public static Script raw(byte[] bytes) {
        return new Script(List.of(), State.HEAD).then(State.BODY, run -> run.raw(bytes));
    }

    /** As {@link #raw(byte[])}, from text. */
    public static Script raw(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads the request and never answers. */
    public static Script silent() {
        return new Script(List.of(), State.BODY).hold();
    }

    /** RST instead of an answer. */
    public static Script resetAtOnce() {
        return new Script(List.of(), State.BODY).reset();
    }

    /** FIN instead of an answer. */
    public static Script closeAtOnce() {
        return new Script(List.of(), State.BODY).close();
    }

    /** Half a head, then silence. */
    public static Script halfHead() {
        return raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-str").hold();
    }

    /** A head with one header of this many bytes. */
    public static Script hugeHead(int headerBytes) {
        return status(200).header("x-huge", "h".repeat(headerBytes)).length(0).send(NO_BYTES);
    }

    /** A body of this many bytes with its length, generated as it is sent. */
    public static Script hugeBody(int status, String contentType, long bytes) {
        return status(status).header("content-type", contentType).length(bytes).fill(bytes);
    }

    /**
     * An event stream whose first line never ends: {@code data: aaaa…} until the peer has enough.
     */
    public static Script neverNewline() {
        return stream().send("data: ").fill(Long.MAX_VALUE);
    }

    // The head

    /** With one more header; as wrong as a test wants it. */
    public Script header(String name, String value) {
        return head("a header", run -> run.header(name, value));
    }

    /** HTTP/1.0: no chunks, the end of the body is the end of the connection. */
    public Script http10() {
        return head("the version", ScriptRun::http10);
    }

    /** Framed by this content-length, whether it is true or not. */
    public Script length(long bytes) {
        return head("the framing", run -> run.framing(new BodyInput.Framing.Length(bytes)));
    }

    /** Framed by the end of the connection. */
    public Script untilClose() {
        return head("the framing", run -> run.framing(new BodyInput.Framing.UntilClose()));
    }

    /**
     * Compressed, with {@code content-encoding: gzip}, flushed with every send. Not together with a
     * length.
     */
    public Script gzip() {
        return head("the coding", ScriptRun::gzip);
    }

    /**
     * Compressed, with this {@code content-encoding}, each send by itself as the function says. Not
     * together with a length.
     */
    public Script coded(String coding, UnaryOperator<byte[]> each) {
        return head("the coding", run -> run.coded(coding, each));
    }

    /** Sends the head now. */
    public Script sendHead() {
        checkHead("the head");
        return then(State.BODY, ScriptRun::sendHead);
    }

    // The body

    /** Writes these bytes at once: one chunk. */
    public Script send(byte[] bytes) {
        return then(State.BODY, run -> run.send(bytes));
    }

    /** Writes this text at once, as UTF-8: one chunk. */
    public Script send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the pieces one by one: a chunk each. */
    public Script send(Split split) {
        return send(split, Duration.ZERO);
    }

    /**
     * Writes the pieces one by one with a pause between, so that the network does not join them.
     */
    public Script send(Split split, Duration between) {
        return then(
                State.BODY,
                run -> {
                    for (byte[] piece : split.pieces()) {
                        run.send(piece);
                        run.pause(between);
                    }
                });
    }

    /**
     * Writes so many generated events, one each interval (0: as fast as the peer takes them); the
     * first has number 0.
     */
    public Script events(long count, Duration interval, LongFunction<String> event) {
        return frames(count, interval, i -> event.apply(i).getBytes(StandardCharsets.UTF_8));
    }

    private Script frames(long count, Duration interval, LongFunction<byte[]> frame) {
        return then(State.BODY, run -> run.frames(count, interval, frame));
    }

    /** Writes generated events, one each interval, until the peer goes away. */
    public Script endless(Duration interval, LongFunction<String> event) {
        return events(Long.MAX_VALUE, interval, event);
    }

    /** As {@link #endless}, with frames that may be binary. */
    public Script endlessFrames(Duration interval, LongFunction<byte[]> frame) {
        return frames(Long.MAX_VALUE, interval, frame);
    }

    /** Writes this many bytes {@code a} in large pieces. */
    public Script fill(long bytes) {
        return then(State.BODY, run -> run.fill(bytes, HUGE_PIECE));
    }

    /** Bytes outside of the framing, in the middle of the body: a broken chunk size for example. */
    public Script unframed(String text) {
        return then(State.BODY, run -> run.raw(text.getBytes(StandardCharsets.UTF_8)));
    }

    // Waiting

    /**
     * Waits until the test opens the gate. Before the first byte of the body the head waits too.
     */
    public Script await(Gate gate) {
        return then(state, run -> run.await(gate));
    }

    /** Does nothing for so long. */
    public Script pause(Duration duration) {
        return then(state, run -> run.pause(duration));
    }

    // Ends

    /** Does nothing more, until the peer goes away; after the deadline of the upstream: RST. */
    public Script hold() {
        return then(State.OVER, ScriptRun::hold);
    }

    /**
     * Ends the connection in order (FIN), wherever the body is; and goes on watching when the peer
     * closes.
     */
    public Script close() {
        return then(State.OVER, ScriptRun::close);
    }

    /** Ends the body as its framing demands, and then the connection, in order. */
    public Script endAndClose() {
        return then(
                State.OVER,
                run -> {
                    run.end();
                    run.close();
                });
    }

    /** Drops the connection (RST). What the peer has not read yet it may never see. */
    public Script reset() {
        return then(State.OVER, ScriptRun::reset);
    }

    void play(ScriptRun run) throws IOException, InterruptedException {
        for (Step step : steps) {
            step.play(run);
        }
        run.end();
    }

    private Script head(String what, Step step) {
        checkHead(what);
        return then(State.HEAD, step);
    }

    private void checkHead(String what) {
        if (state != State.HEAD) {
            throw new IllegalStateException(what + " after the head has gone out");
        }
    }

    private Script then(State next, Step step) {
        if (state == State.OVER) {
            throw new IllegalStateException("a step after the end of the script");
        }
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new Script(List.copyOf(more), next);
    }
}
