package dev.sluice.gateway.responses;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.framing.SseDecoder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;
import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.ingress.KeptAnswers;

/**
 * Tells a stream that is kept to a client that takes it up again: what comes behind the event it
 * had last, and then what comes. It waits for a client that is slower than the stream.
 */
final class Replay implements KeptAnswers.Answering {
    private static final int PIECE = 64 << 10;
    private static final Names SEQUENCE = Names.of("sequence_number");

    private final StoredResponse stored;
    private final ClientTransport client;
    private final Loop loop;
    private final Runnable more;
    private final String contentType;
    private int position;
    private boolean over;

    /** A replay from behind the event numbered {@code after}; -1 is from the start. */
    Replay(
            StoredResponse stored,
            long after,
            ClientTransport client,
            Loop loop,
            String contentType) {
        this.contentType = contentType;
        this.stored = stored;
        this.client = client;
        this.loop = loop;
        this.more = () -> loop.execute(this::pump);
        this.position = new Scan(stored.stream()).behind(after);
    }

    /** What there is leaves at the end of this turn. */
    @Override
    public void start() {
        client.startStream(
                200,
                Headers.of(
                        "content-type",
                        contentType,
                        "cache-control",
                        "no-cache, no-transform",
                        "x-accel-buffering",
                        "no"));
        stored.follow(more);
        loop.execute(this::pump);
    }

    private void pump() {
        if (over) {
            return;
        }
        int copied = 1;
        while (copied > 0 && client.isWritable()) {
            copied = stored.copy(position, PIECE, client.out());
            position += copied;
            client.flush();
        }
        if (stored.endsAt(position)) {
            finish();
        }
    }

    /** A stream that was broken off has no end of its own. */
    private void finish() {
        over = true;
        stored.unfollow(more);
        Scan scan = new Scan(stored.stream());
        if (!scan.terminated()) {
            client.out()
                    .add("event: error\ndata: {\"type\":\"error\",\"sequence_number\":")
                    .number(scan.last() + 1)
                    .add(",\"code\":\"cancelled\",\"message\":")
                    .quoted(BROKEN)
                    .add(",\"param\":null,\"error\":{\"type\":\"invalid_request_error\",")
                    .add("\"code\":\"cancelled\",\"message\":")
                    .quoted(BROKEN)
                    .add(",\"param\":null}}\n\n");
            client.flush();
        }
        client.endStream();
    }

    private static final String BROKEN = "the response was cancelled before its end";

    @Override
    public void onDrained() {
        pump();
    }

    @Override
    public void onClientGone() {
        over = true;
        stored.unfollow(more);
    }

    /** Finds events in a stream by their numbers. */
    private static final class Scan {
        private final byte[] stream;
        private long last = -1;
        private int end;
        private boolean terminated;

        Scan(byte[] stream) {
            this.stream = stream;
            behind(Long.MAX_VALUE);
        }

        /** The number of the last event. */
        long last() {
            return last;
        }

        boolean terminated() {
            return terminated;
        }

        /** Where the events behind number {@code after} begin. */
        int behind(long after) {
            end = 0;
            int[] found = {0};
            new SseDecoder(Math.max(1, stream.length))
                    .feed(
                            stream,
                            0,
                            stream.length,
                            frame -> {
                                end += frame.rawEnd() - frame.rawOffset();
                                long number = number(frame);
                                last = Math.max(last, number);
                                terminated |= isTerminal(frame);
                                if (number <= after) {
                                    found[0] = end;
                                }
                            });
            return after < 0 ? 0 : found[0];
        }

        private static boolean isTerminal(Frame frame) {
            return frame.typeEquals("response.completed")
                    || frame.typeEquals("response.incomplete")
                    || frame.typeEquals("response.failed")
                    || frame.typeEquals("error");
        }

        private static long number(Frame frame) {
            if (!frame.hasData()) {
                return -1;
            }
            try {
                JsonReader reader = new JsonReader(frame.dataBuffer());
                reader.reset(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
                reader.beginObject();
                for (int f = reader.nextField(SEQUENCE);
                        f != JsonReader.END_OBJECT;
                        f = reader.nextField(SEQUENCE)) {
                    if (f == 0) {
                        return Lenient.number(reader, -1);
                    }
                    reader.skip();
                }
                return -1;
            } catch (MalformedJson notAnEvent) {
                return -1;
            }
        }
    }
}
