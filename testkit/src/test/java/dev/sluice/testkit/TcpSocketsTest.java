package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

class TcpSocketsTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void seesHowASocketIsSet(boolean noDelay) throws IOException {
        assumeTrue(TcpSockets.areVisible());
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            socket.setTcpNoDelay(noDelay);
            assertThat(TcpSockets.ends())
                    .contains(
                            new TcpSockets.End(
                                    socket.getLocalPort(), listener.getLocalPort(), noDelay));
        }
    }
}
