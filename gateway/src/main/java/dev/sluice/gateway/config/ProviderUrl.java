package dev.sluice.gateway.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a provider answers, taken apart and normalised: scheme and host in lower case, the port
 * filled in, no slash at the end of the path. It holds neither user nor query, so that it can be
 * printed.
 *
 * @param secure whether it is https
 * @param host a name or an address; IPv6 without brackets
 * @param port the TCP port
 * @param path empty, or a slash and more
 */
public record ProviderUrl(boolean secure, String host, int port, String path) {

    private static final String EXPECTED = "a URL like http://127.0.0.1:8081/v1";
    private static final Range<Integer> PORTS = Range.ofNumbers(1, 65535);
    private static final int LONGEST = 2048;

    /** Refuses parts that do not make a URL. */
    public ProviderUrl {
        if (!isHost(host)) {
            throw refusal("has no host that can be read");
        }
        PORTS.check("port", port);
        boolean visible =
                path.chars()
                        .allMatch(c -> c > 0x20 && c < 0x7f && c != '\\' && c != '?' && c != '#');
        if (!visible || !(path.isEmpty() || (path.startsWith("/") && !path.endsWith("/")))) {
            throw refusal("has a path that cannot be sent");
        }
    }

    /** Reads a URL; what is thrown does not repeat it. */
    public static ProviderUrl of(String text) {
        String url = text.strip();
        if (url.isEmpty() || url.length() > LONGEST) {
            throw refusal(url.isEmpty() ? "is empty" : "is too long");
        }
        int colon = url.indexOf("://");
        String scheme = url.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw withoutScheme(url, colon);
        }
        String rest = url.substring(colon + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
        if (mayHoldSecret(rest)) {
            throw refusal(
                    authority.contains("@")
                            ? "holds a user or a password, which belongs to `key` or `headers`"
                            : "holds a query or a fragment");
        }
        boolean secure = scheme.equals("https");
        return parse(secure, authority, path);
    }

    /** {@code http://host:port/path}; the port only where it is not the scheme's own. */
    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority() + path;
    }

    /** Host and port as the {@code host} header says them. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }

    /** Whether a URL that was refused may hold a password or a key, and must not be quoted. */
    static boolean mayHoldSecret(String url) {
        return url.chars().anyMatch(c -> c == '@' || c == '?' || c == '#');
    }

    private static ProviderUrl parse(boolean secure, String authority, String path) {
        int bracket = authority.indexOf(']');
        int colon = authority.indexOf(':', Math.max(0, bracket));
        String host = colon < 0 ? authority : authority.substring(0, colon);
        if (bracket >= 0 && host.startsWith("[")) {
            host = host.substring(1, bracket);
        }
        String port = colon < 0 ? (secure ? "443" : "80") : authority.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) < 1
                || Integer.parseInt(port) > 65535) {
            throw refusal("has no port from 1 to 65535 after the colon");
        }
        return new ProviderUrl(secure, host.toLowerCase(Locale.ROOT), Integer.parseInt(port), path);
    }

    private static InvalidValue withoutScheme(String url, int colon) {
        Problem problem =
                Problem.of("", "does not start with http:// or https://").expecting(EXPECTED);
        boolean couldBeHost =
                colon < 0 && !mayHoldSecret(url) && isHost(url.replaceAll("(:[0-9]+)?(/.*)?$", ""));
        return new InvalidValue(couldBeHost ? problem.near(Optional.of("http://" + url)) : problem);
    }

    private static boolean isHost(String host) {
        if (host.indexOf(':') < 0) {
            return host.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
        }
        try {
            return !InetAddress.ofLiteral(host).getHostAddress().isEmpty();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static InvalidValue refusal(String what) {
        return InvalidValue.of("", what, EXPECTED);
    }
}
