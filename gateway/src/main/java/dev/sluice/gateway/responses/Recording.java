package dev.sluice.gateway.responses;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.framing.SseDecoder;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.ClientWatch;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.ingress.KeptAnswers;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands between an exchange and its client and keeps what passes. A client may leave an answer
 * that runs in the background, and the exchange goes on without it.
 */
final class Recording implements ClientTransport, ClientWatch, KeptAnswers.Admitted {
    private static final Names RESPONSE = Names.of("id", "response");
    private static final int LARGEST_FRAME = 64 << 20;

    private final ClientCall call;
    private final ClientTransport client;
    private final Loop loop;
    private final ResponseStore store;
    private final StoredResponse stored;
    private final boolean background;

    /** Whether the client reads the stream, and does not wait for what becomes of the answer. */
    private final boolean streamed;

    private final SseDecoder frames = new SseDecoder(LARGEST_FRAME);
    private final ByteBuilder pending = new ByteBuilder(512);
    private @Nullable Exchange exchange;
    private Headers headers = Headers.NONE;
    private boolean attached = true;
    private boolean kept;

    Recording(
            ClientCall call,
            ClientTransport client,
            Loop loop,
            ResponseStore store,
            StoredResponse stored,
            boolean background,
            boolean streamed) {
        this.call = call;
        this.client = client;
        this.loop = loop;
        this.store = store;
        this.stored = stored;
        this.background = background;
        this.streamed = streamed;
    }

    @Override
    public ClientCall call() {
        return call;
    }

    @Override
    public ClientTransport client() {
        return this;
    }

    @Override
    public ClientWatch watch(Exchange made) {
        exchange = made;
        stored.cancelBy(() -> loop.execute(made::onCancel));
        return this;
    }

    // ---- the client ----

    @Override
    public void onDrained() {
        if (exchange != null && attached) {
            exchange.onDrained();
        }
    }

    @Override
    public void onClientGone() {
        if (!attached || exchange == null) {
            return;
        }
        attached = false;
        if (background) {
            exchange.onDrained();
        } else {
            exchange.onClientGone();
            stored.end(false);
        }
    }

    // ---- the exchange ----

    @Override
    public void startStream(int status, Headers streamHeaders) {
        headers = streamHeaders;
        if (attached && streamed) {
            client.startStream(status, streamHeaders);
        }
    }

    @Override
    public ByteBuilder out() {
        return pending;
    }

    @Override
    public void flush() {
        if (pending.isEmpty()) {
            return;
        }
        record();
        if (attached && streamed) {
            client.out().add(pending);
            client.flush();
        }
        pending.clear();
        pending.shrink(4096);
    }

    @Override
    public boolean isWritable() {
        return !attached || !streamed || client.isWritable();
    }

    @Override
    public void endStream() {
        flush();
        stored.end(true);
        if (attached && streamed) {
            client.endStream();
        }
        attached = false;
    }

    @Override
    public void reply(int status, Headers replyHeaders, byte[] body) {
        if (status == 200) {
            become(Raw.of(new String(body, StandardCharsets.UTF_8)));
        }
        stored.end(true);
        if (attached) {
            attached = false;
            client.reply(status, replyHeaders, body);
        }
    }

    @Override
    public void abort() {
        stored.end(false);
        if (attached) {
            attached = false;
            client.abort();
        }
    }

    // ---- what is kept ----

    private void record() {
        if (stored.isDropped()) {
            return;
        }
        frames.feed(pending.array(), 0, pending.length(), this::frame);
        stored.append(pending.array(), 0, pending.length());
        if (kept) {
            store.grow(stored, pending.length());
        }
    }

    /** Only the events that hold the whole response are looked at. */
    private void frame(Frame frame) {
        boolean whole =
                frame.typeEquals("response.created")
                        || frame.typeEquals("response.completed")
                        || frame.typeEquals("response.incomplete")
                        || frame.typeEquals("response.failed");
        if (!whole) {
            return;
        }
        try {
            JsonReader reader = new JsonReader(frame.dataBuffer());
            reader.reset(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
            reader.beginObject();
            for (int f = reader.nextField(RESPONSE);
                    f != JsonReader.END_OBJECT;
                    f = reader.nextField(RESPONSE)) {
                if (f == 1) {
                    become(reader.raw());
                } else {
                    reader.skip();
                }
            }
        } catch (MalformedJson notAnEvent) {
            // What an upstream sends in place of one is the client's to see and nobody's to keep.
            stored.dropped();
        }
    }

    private void become(Raw object) {
        String id = Items.member(object, "id").map(raw -> raw.reader().string()).orElse("");
        if (id.isEmpty()) {
            return;
        }
        long before = stored.size();
        stored.become(id, !id.equals("resp_" + call.exchangeId()), object);
        if (kept) {
            store.grow(stored, stored.size() - before);
        } else {
            kept = true;
            store.keep(stored);
        }
        if (background && !streamed && attached) {
            attached = false;
            client.reply(200, document(), object.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The head of the stream as that of a document. */
    private Headers document() {
        List<Header> all =
                headers.all().stream()
                        .filter(header -> !header.name().equals("content-type"))
                        .toList();
        List<Header> with = new ArrayList<>(all);
        with.add(new Header("content-type", "application/json"));
        return new Headers(with);
    }
}
