package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports of 127.0.0.1 on which something is wrong. A server that works should bind to port 0 and say
 * which it got.
 */
public final class Ports {
    private static final int CONNECT_MILLIS = 100;
    private static final int MOST_CONNECTIONS = 64;

    private Ports() {}

    /** A port that was free a moment ago: a connection to it is refused. */
    public static int refusing() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port on which connecting hangs, until it is closed. */
    public static BlackHole unanswering() {
        return new BlackHole();
    }

    /**
     * A listener whose queue of waiting connections is full: the kernel drops what comes next, so
     * that a connection to it neither succeeds nor fails (Linux).
     */
    public static final class BlackHole implements AutoCloseable {
        private final ServerSocket listener;
        private final List<Socket> queued = new ArrayList<>();

        private BlackHole() {
            try {
                listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                while (queueOneMore()) {
                    if (queued.size() > MOST_CONNECTIONS) {
                        close();
                        throw new AssertionError("the accept queue never fills on this system");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean queueOneMore() throws IOException {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(
                        new InetSocketAddress(listener.getInetAddress(), port()), CONNECT_MILLIS);
                return true;
            } catch (SocketTimeoutException _) {
                return false;
            }
        }

        /** The port of 127.0.0.1. */
        public int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() {
            try {
                listener.close();
                for (Socket socket : queued) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
