package dev.sluice.gateway.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where clients come in.
 *
 * @param host an address of this machine, or a name that resolves to one; IPv6 without brackets
 * @param port the TCP port; 0 takes any free one
 * @param tls the certificate; absent means plain HTTP
 */
public record Listen(String host, int port, Optional<ServerTls> tls) {

    static final Range<Integer> PORTS = Range.ofNumbers(0, 65535);

    /** Port 8080 of this machine alone. */
    public static final Listen DEFAULT = new Listen("127.0.0.1", 8080, Optional.empty());

    static final String EXPECTED_HOST =
            "an address or a name alone, like 127.0.0.1, ::1 or 0.0.0.0";

    /** Refuses what is no host or no port. */
    public Listen {
        host = host("host", host);
        PORTS.check("port", port);
    }

    /** This with another host. */
    public Listen withHost(String other) {
        return new Listen(other, port, tls);
    }

    /** This with another port. */
    public Listen withPort(int other) {
        return new Listen(host, other, tls);
    }

    /** This under TLS. */
    public Listen withTls(ServerTls other) {
        return new Listen(host, port, Optional.of(other));
    }

    /**
     * Whether only this machine can connect; a name other than {@code localhost} is taken to be
     * reachable.
     */
    public boolean isLoopback() {
        return host.equals("localhost")
                || address(host).map(InetAddress::isLoopbackAddress).orElse(false);
    }

    /** Reads a host from a file; the objection of what is thrown has no subject yet. */
    static String parseHost(String text) {
        return host("", text);
    }

    private static String host(String key, String text) {
        String subject = key.isEmpty() ? "" : Wording.quote(text) + " ";
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String host = bracketed ? text.substring(1, text.length() - 1) : text;
        if (address(host).isPresent() || host.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")) {
            return host;
        }
        String what =
                text.matches("[^/]+:[0-9]+")
                        ? "holds a port, which belongs to `port`"
                        : "is not a host";
        throw InvalidValue.of(key, subject + what, EXPECTED_HOST);
    }

    /** The address that a literal spells; nothing is looked up. */
    private static Optional<InetAddress> address(String literal) {
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }
}
