package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The TCP sockets of this process as the kernel knows them, whoever opened them (Linux): for what
 * no library tells of its own sockets.
 */
public final class TcpSockets {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int ADDRESS_BYTES = 128;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final Linker LINKER = Linker.nativeLinker();

    private TcpSockets() {}

    /**
     * One end of a connection.
     *
     * @param noDelay whether small writes leave at once (TCP_NODELAY)
     */
    public record End(int localPort, int peerPort, boolean noDelay) {}

    /** Whether this system lets us look. */
    public static boolean areVisible() {
        return Files.isDirectory(DESCRIPTORS);
    }

    /** All ends of connections that are open now. */
    public static List<End> ends() {
        List<End> ends = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS);
                Arena arena = Arena.ofConfined()) {
            Calls calls = new Calls(arena);
            descriptors
                    .map(path -> Integer.parseInt(path.toFile().getName()))
                    .forEach(descriptor -> calls.add(descriptor, ends));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ends;
    }

    private static final class Calls {
        private final MethodHandle localName =
                function(
                        "getsockname",
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS);
        private final MethodHandle peerName =
                function(
                        "getpeername",
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS);
        private final MethodHandle option =
                function(
                        "getsockopt",
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS);
        private final MemorySegment value;
        private final MemorySegment length;

        Calls(Arena arena) {
            value = arena.allocate(ADDRESS_BYTES, 8);
            length = arena.allocate(ValueLayout.JAVA_INT);
        }

        /** A function of the C library that returns an int. */
        @SuppressWarnings("restricted") // Tests may call down; the build allows it to all of them.
        private static MethodHandle function(String name, MemoryLayout... arguments) {
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
        }

        /** Adds what the descriptor is an end of; files, and sockets of other kinds, are none. */
        void add(int descriptor, List<End> ends) {
            int local = port(localName, descriptor);
            int peer = port(peerName, descriptor);
            if (local > 0 && peer > 0) {
                ends.add(new End(local, peer, isNoDelay(descriptor)));
            }
        }

        private int port(MethodHandle name, int descriptor) {
            length.set(ValueLayout.JAVA_INT, 0, ADDRESS_BYTES);
            try {
                int failed = (int) name.invokeExact(descriptor, value, length);
                if (failed != 0) {
                    return 0;
                }
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            int family = value.get(ValueLayout.JAVA_SHORT, 0);
            // In both families of addresses the port follows, in network order.
            return family == 2 || family == 10
                    ? Byte.toUnsignedInt(value.get(ValueLayout.JAVA_BYTE, 2)) << 8
                            | Byte.toUnsignedInt(value.get(ValueLayout.JAVA_BYTE, 3))
                    : 0;
        }

        private boolean isNoDelay(int descriptor) {
            length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
            value.set(ValueLayout.JAVA_INT, 0, 0);
            try {
                int failed =
                        (int)
                                option.invokeExact(
                                        descriptor, IPPROTO_TCP, TCP_NODELAY, value, length);
                return failed == 0 && value.get(ValueLayout.JAVA_INT, 0) != 0;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
