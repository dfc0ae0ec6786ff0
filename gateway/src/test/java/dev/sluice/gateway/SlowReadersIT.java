package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.sluice.testkit.Heap;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.UpstreamRequest;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What many clients cost that read slower than their streams come. */
@Tag("R24")
@Tag("slow")
class SlowReadersIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration STILL = Duration.ofMillis(300);
    private static final int READERS = 32;

    /** What the gateway may hold for one reader, all in all; the limit is 256 KiB. */
    private static final long MOST_HELD = 512 << 10;

    /** The allocator takes memory in pieces of this size. */
    private static final long PIECE = 8 << 20;

    static Stream<Pair> pairs() {
        return Stream.of(
                new Pair(Tongue.CHAT, Tongue.CHAT), new Pair(Tongue.MESSAGES, Tongue.CHAT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void holdLittleAndLeaveNoGarbage(Pair pair) throws Exception {
        byte[] filler = pair.upstream().text("f".repeat(200));
        List<RawClient> clients = new ArrayList<>();
        try (FakeUpstream upstream =
                        FakeUpstream.start()
                                .otherwise(
                                        pair.upstream()
                                                .head()
                                                .send(pair.upstream().preamble())
                                                .endlessFrames(Duration.ZERO, _ -> filler));
                TestGateway gateway = pair.setup(upstream.uri()).start()) {
            long direct = direct();
            long heap = Heap.usedAfterGc();
            long allocated = allocated();
            List<UpstreamRequest> requests = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                RawClient client = RawClient.connect(gateway.port(), 16 * 1024).deadline(SOON);
                clients.add(client);
                client.exchange(pair.client().request());
                requests.add(upstream.request());
            }
            long sent = requests.getLast().awaitStandstill(STILL, SOON);
            for (UpstreamRequest request : requests.subList(0, READERS - 1)) {
                // They were asked before: most have stood still for as long as the last.
                sent += request.awaitStandstill(STILL.dividedBy(10), SOON);
            }

            assertThat(direct() - direct).isLessThan(READERS * MOST_HELD + PIECE);
            assertThat(Heap.usedAfterGc() - heap).isLessThan(READERS * MOST_HELD);
            assertThat(allocated() - allocated).isLessThan(sent / 2);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /** What the network library holds outside of the heap. */
    private static long direct() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    /** What event loops have ever allocated on the heap. */
    private static long allocated() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("eventloop"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId()))
                .sum();
    }
}
