package dev.sluice.gateway.ingress;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.gateway.exchange.Loop;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the transports of one loop that have something to send, and lets them send it when all
 * that the present turn has brought was read. One write for each client and turn, instead of one
 * for each token: in bulk that is the difference between a system call a token and one for a
 * hundred of them.
 *
 * <p>The buffers in which transports gather are shared by all of the loop, since hardly any of them
 * has something to send at any time.
 */
final class TurnEnd {
    private static final int MOST_SPARE_BYTES = 4 << 20;
    private static final int LARGEST_SPARE = 256 << 10;

    private final Loop loop;
    private final List<ByteBuilder> spare = new ArrayList<>();
    private int spareBytes;
    private List<HttpTransport> waiting = new ArrayList<>();
    private List<HttpTransport> sending = new ArrayList<>();

    TurnEnd(Loop loop) {
        this.loop = loop;
    }

    void add(HttpTransport transport) {
        if (waiting.isEmpty()) {
            loop.execute(this::send);
        }
        waiting.add(transport);
    }

    private void send() {
        List<HttpTransport> now = waiting;
        waiting = sending;
        sending = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).send();
        }
        now.clear();
    }

    ByteBuilder take() {
        if (spare.isEmpty()) {
            return new ByteBuilder(1024);
        }
        ByteBuilder buffer = spare.removeLast();
        spareBytes -= buffer.array().length;
        return buffer;
    }

    void giveBack(ByteBuilder buffer) {
        int room = buffer.array().length;
        if (room <= LARGEST_SPARE && spareBytes + room <= MOST_SPARE_BYTES) {
            buffer.clear();
            spareBytes += room;
            spare.add(buffer);
        }
    }
}
