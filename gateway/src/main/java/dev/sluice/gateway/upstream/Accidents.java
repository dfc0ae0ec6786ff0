package dev.sluice.gateway.upstream;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;

import javax.net.ssl.SSLException;

/** What goes wrong on the way to a model server, in words for the person who runs the gateway. */
final class Accidents {
    private Accidents() {}

    /** No connection could be had. */
    static Failure unreachable(HttpUpstream upstream, Throwable cause) {
        String where = "provider `" + upstream.name() + "` at " + upstream.address();
        if (find(cause, SSLException.class)) {
            return Failure.of(
                    FailureCode.UPSTREAM_UNREACHABLE,
                    "the TLS handshake with "
                            + where
                            + " failed; is its certificate signed by an authority that this machine"
                            + " trusts, or named in the provider's tls.ca?");
        }
        if (find(cause, UnknownHostException.class)) {
            return Failure.of(
                    FailureCode.UPSTREAM_UNREACHABLE,
                    "the host of " + where + " has no address; check its url");
        }
        if (timedOut(cause)) {
            return Failure.of(
                    FailureCode.UPSTREAM_UNREACHABLE,
                    where + " did not accept a connection in time (timeouts.connect)");
        }
        if (find(cause, ConnectException.class)) {
            return Failure.of(
                    FailureCode.UPSTREAM_UNREACHABLE,
                    where + " refused the connection; is it running, and is its url right?");
        }
        return Failure.of(
                FailureCode.UPSTREAM_UNREACHABLE,
                "no connection to " + where + " could be had (" + kind(cause) + ")");
    }

    /** All connections are taken, and as many wait for one as may. */
    static Failure crowdedOut(HttpUpstream upstream, int connections) {
        return Failure.of(
                FailureCode.UPSTREAM_UNREACHABLE,
                "all "
                        + connections
                        + " connections to provider `"
                        + upstream.name()
                        + "` are in use (connections), and as many streams wait as may");
    }

    /** What came is no HTTP/1.1. */
    static Failure malformed(HttpUpstream upstream, MalformedResponse cause) {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "provider `"
                        + upstream.name()
                        + "` sent what is no HTTP/1.1 response: "
                        + cause.getMessage());
    }

    /** A connection broke, before the answer or within it. */
    static Failure brokeOff(HttpUpstream upstream, boolean answering, Throwable cause) {
        String what =
                answering
                        ? " broke its answer off before the end"
                        : " closed the connection without an answer";
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "provider `" + upstream.name() + "`" + what + " (" + kind(cause) + ")");
    }

    private static boolean timedOut(Throwable cause) {
        String name = cause.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return name.contains("timeout") || cause instanceof java.util.concurrent.TimeoutException;
    }

    private static boolean find(Throwable cause, Class<? extends Throwable> type) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static String kind(Throwable cause) {
        return cause.getClass().getSimpleName();
    }
}
