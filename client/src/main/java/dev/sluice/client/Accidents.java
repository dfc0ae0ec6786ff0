package dev.sluice.client;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;

import javax.net.ssl.SSLException;

/** What goes wrong on the way to one model server, in words for the person who calls it. */
final class Accidents {
    private final String where;

    Accidents(String where) {
        this.where = where;
    }

    /** No answer came. */
    Failure unanswered(Throwable cause) {
        if (find(cause, UnresolvedAddressException.class)) {
            return unreachable("the host of " + where + " has no address; check its base URL");
        }
        if (find(cause, HttpConnectTimeoutException.class)) {
            return unreachable(where + " did not accept a connection in time");
        }
        if (find(cause, SSLException.class)) {
            return unreachable(
                    "the TLS handshake with "
                            + where
                            + " failed; is its certificate signed by an authority that this machine"
                            + " trusts?");
        }
        if (find(cause, ConnectException.class)) {
            return unreachable(
                    where + " refused the connection; is it running, and is its base URL right?");
        }
        return broken(where + " closed the connection without an answer", cause);
    }

    /** The answer broke off. */
    Failure brokeOff(Throwable cause) {
        return broken(where + " broke its answer off before the end", cause);
    }

    /** The answer is compressed, which was not asked for. */
    Failure coded(String coding) {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                where + " compressed its answer (" + coding + "), which it was asked not to");
    }

    private static Failure unreachable(String what) {
        return Failure.of(FailureCode.UPSTREAM_UNREACHABLE, what);
    }

    private static Failure broken(String what, Throwable cause) {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                what + " (" + root(cause).getClass().getSimpleName() + ")");
    }

    private static boolean find(@Nullable Throwable cause, Class<? extends Throwable> type) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
