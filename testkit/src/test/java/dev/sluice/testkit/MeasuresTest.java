package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What tests measure and meet: open files, heap, output, bad ports. */
@Timeout(60)
class MeasuresTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void countsOpenSockets() throws IOException {
        assumeThat(OpenFiles.areCountable()).isTrue();
        int sockets = OpenFiles.sockets();
        int all = OpenFiles.all();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(client.isConnected() && accepted.isConnected()).isTrue();
            assertThat(OpenFiles.sockets()).isEqualTo(sockets + 3);
            assertThat(OpenFiles.all()).isGreaterThanOrEqualTo(all + 3);
            assertThatThrownBy(() -> OpenFiles.awaitSocketsAtMost(sockets, Duration.ofMillis(20)))
                    .hasMessageContaining(
                            "open sockets: " + (sockets + 3) + " (expected: <= " + sockets + ")");
        }
        OpenFiles.awaitSocketsAtMost(sockets, SOON);
    }

    @Test
    void measuresTheHeapThatSurvives() {
        long base = Heap.usedAfterGc();
        byte[][] kept = {new byte[20 << 20]};
        assertThat(Heap.usedAfterGc()).isGreaterThan(base + (19 << 20));
        assertThatThrownBy(() -> Heap.awaitAtMost(base + (10 << 20), Duration.ofMillis(1)))
                .hasMessageContaining("heap after gc");
        assertThat(kept[0]).hasSize(20 << 20);
        kept[0] = new byte[0];
        Heap.awaitAtMost(base + (10 << 20), SOON);
    }

    @Test
    void measuresDirectBuffers() {
        long base = Heap.direct();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        assertThat(Heap.direct()).isGreaterThanOrEqualTo(base + buffer.capacity());
    }

    @Test
    void hearsEverythingTheProcessSays() {
        Logger logger = Logger.getLogger("dev.sluice.testkit.canary");
        try (LogCapture capture = LogCapture.start(Level.ALL)) {
            System.out.println("to out: canary-1");
            System.err.print("to err: canary-2");
            logger.log(Level.FINEST, "to the log: canary-3", new IllegalStateException("canary-4"));

            assertThat(capture.text()).contains("canary-1", "canary-2", "canary-3", "canary-4");
            capture.assertNever("canary-5");
            for (int i = 1; i <= 4; i++) {
                String canary = "canary-" + i;
                assertThatThrownBy(() -> capture.assertNever("canary-5", canary))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("a secret leaked")
                        .message()
                        .doesNotContain(canary);
            }
            capture.clear();
            assertThat(capture.text()).isEmpty();
        }
    }

    @Test
    void putsTheStreamsAndLevelsBack() {
        var out = System.out;
        var err = System.err;
        Logger root = Logger.getLogger("");
        Level level = root.getLevel();
        int handlers = root.getHandlers().length;
        LogCapture.start(Level.ALL).close();

        assertThat(System.out).isSameAs(out);
        assertThat(System.err).isSameAs(err);
        assertThat(root.getLevel()).isEqualTo(level);
        assertThat(root.getHandlers()).hasSize(handlers);
    }

    @Test
    void portsRefuseOrNeverAnswer() throws IOException {
        assertThatThrownBy(() -> connect(Ports.refusing())).isInstanceOf(ConnectException.class);
        try (Ports.BlackHole hole = Ports.unanswering()) {
            assertThatThrownBy(() -> connect(hole.port()))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void connect(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        }
    }
}
