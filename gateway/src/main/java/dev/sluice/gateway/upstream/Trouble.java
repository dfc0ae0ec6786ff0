package dev.sluice.gateway.upstream;

import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.ProviderConfig;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLException;

/**
 * Says of a provider that lists no models what it was asked, what came, and what to do. Nothing of
 * a body is repeated, and no key.
 */
final class Trouble {
    private static final int LONGEST_LOCATION = 200;
    private static final String USUAL_PORTS =
            "Ollama is usually on port 11434, LM Studio on 1234, vLLM on 8000, llama.cpp and"
                    + " mlx_lm.server on 8080";

    private final ProviderConfig provider;
    private final Map<Question, Reply> replies;

    Trouble(ProviderConfig provider, Map<Question, Reply> replies) {
        this.provider = provider;
        this.replies = replies;
    }

    /**
     * The sentence; empty if nothing is wrong, since the configuration says what the answers do
     * not.
     */
    Optional<String> sentence() {
        Reply worst = mostTelling();
        if (!worst.isAnswer()) {
            return Optional.of(unanswered(worst));
        }
        if (worst.status() == 401 || worst.status() == 403) {
            return Optional.of(asked(worst) + locked());
        }
        if (!provider.models().isEmpty() && provider.dialect().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(asked(worst) + answered(worst));
    }

    /**
     * The answer that says most: an API's before a web page's, a locked door before none, an answer
     * before silence.
     */
    private Reply mostTelling() {
        return List.of(
                        Question.CHAT_MODELS,
                        Question.ANTHROPIC_MODELS,
                        Question.PLAIN_MODELS,
                        Question.OLLAMA_MODELS,
                        Question.GEMINI_MODELS)
                .stream()
                .map(replies::get)
                .filter(reply -> reply != null)
                .max(Comparator.comparingInt(Trouble::weight))
                .orElseThrow();
    }

    private static int weight(Reply reply) {
        if (!reply.isAnswer()) {
            return 0;
        }
        if (isList(reply)) {
            return 5;
        }
        if (reply.isLocked()) {
            return 4;
        }
        return reply.status() == 404 ? 1 : reply.members().isEmpty() ? 2 : 3;
    }

    private static boolean isList(Reply reply) {
        return reply.isChatList() || reply.isAnthropicList() || reply.isOllamaList();
    }

    private static String asked(Reply reply) {
        return "GET " + reply.asked() + " answered " + reply.status() + ", ";
    }

    private String answered(Reply reply) {
        if (isList(reply)) {
            return "and the list of models is empty: load or pull a model there";
        }
        if (reply.status() >= 300 && reply.status() < 400) {
            return "a redirect"
                    + shown(reply.location())
                    + ", which is not followed: give the address that it leads to";
        }
        if (reply.status() == 503) {
            return "so it is not ready yet; it is asked again";
        }
        if (reply.status() >= 500) {
            return "an error of the server or of a proxy before it: their logs say more";
        }
        if (reply.mediaType().equals("text/html")) {
            return "a web page and no model server's answer: check the port and the path; "
                    + USUAL_PORTS;
        }
        return "and no list of models: is it a model server, and is the path right? One that keeps"
                + " no list needs `dialect` and `models` in the configuration";
    }

    private static String shown(String location) {
        boolean plain =
                !location.isEmpty()
                        && location.length() <= LONGEST_LOCATION
                        && location.chars().allMatch(c -> c > 0x20 && c < 0x7f)
                        && location.indexOf('?') < 0
                        && location.indexOf('@') < 0;
        return plain ? " to " + location : "";
    }

    private String locked() {
        if (provider.key().isPresent()) {
            return "so it refuses the key that provider `" + provider.name() + "` has";
        }
        String vendor =
                provider.dialect().equals(Optional.of(DialectKind.ANTHROPIC))
                                || Sign.seen(Sign.OF_DIALECT, replies)
                                        .equals(Optional.of(DialectKind.ANTHROPIC))
                        ? "ANTHROPIC"
                        : "OPENAI";
        return "so it wants a key: set "
                + vendor
                + "_API_KEY and "
                + vendor
                + "_BASE_URL="
                + provider.url()
                + " instead of --upstream, or providers."
                + provider.name()
                + ".key in a configuration";
    }

    private String unanswered(Reply reply) {
        Throwable accident = reply.accident();
        String where = provider.url().authority();
        if (find(accident, UnresolvedAddressException.class)) {
            return "the host `" + provider.url().host() + "` has no address: check its name";
        }
        if (find(accident, IllegalArgumentException.class)) {
            return "the host `"
                    + provider.url().host()
                    + "` cannot stand in a URL: use its address, or a name without `_`";
        }
        if (find(accident, HttpConnectTimeoutException.class)) {
            return where + " accepts no connection: check address, port and firewall";
        }
        if (find(accident, ConnectException.class)) {
            return "nothing listens on "
                    + where
                    + ": start the server, or correct the port; "
                    + USUAL_PORTS;
        }
        if (find(accident, HttpTimeoutException.class)) {
            return "GET "
                    + reply.asked()
                    + " was not answered in time: is the server busy or stuck?";
        }
        if (find(accident, SSLException.class)) {
            return tls(where, find(accident, CertificateException.class));
        }
        if (accident != null && String.valueOf(accident.getMessage()).contains("capacity")) {
            return "GET "
                    + reply.asked()
                    + " answered with more than "
                    + (Interview.MOST_BYTES >> 20)
                    + " MiB, which no list of models has";
        }
        return "GET "
                + reply.asked()
                + " got an answer that is no HTTP"
                + (provider.url().secure() ? "" : "; if the server wants TLS, begin with https://")
                + (accident == null ? "" : " (" + accident.getClass().getSimpleName() + ")");
    }

    private String tls(String where, boolean isDistrusted) {
        return isDistrusted
                ? "the certificate of "
                        + where
                        + " is not trusted by this machine or not made for this name: name its"
                        + " authority in providers."
                        + provider.name()
                        + ".tls.ca"
                : where + " speaks no TLS, or none that is known here: does it want http:// ?";
    }

    private static boolean find(@Nullable Throwable accident, Class<? extends Throwable> type) {
        for (Throwable t = accident; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
