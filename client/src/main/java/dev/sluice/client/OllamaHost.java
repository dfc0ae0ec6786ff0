package dev.sluice.client;

/**
 * Reads {@code OLLAMA_HOST} as Ollama itself does: a host, a port, both, or a URL. What is left out
 * is http, 127.0.0.1 and 11434; an address that means "listen everywhere" means this machine to a
 * client.
 */
final class OllamaHost {
    private static final String PORT = "11434";

    private OllamaHost() {}

    /** The URL that {@code said} means, without a path. */
    static String base(String said) {
        String text = said.strip();
        int colons = text.indexOf("://");
        String scheme = colons < 0 ? "http" : text.substring(0, colons);
        String rest = colons < 0 ? text : text.substring(colons + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        String port =
                hasPort
                        ? authority.substring(colon + 1)
                        : colons < 0 ? PORT : scheme.equals("https") ? "443" : "80";
        return scheme + "://" + reachable(host) + ":" + (port.isEmpty() ? PORT : port);
    }

    private static String reachable(String host) {
        return switch (host) {
            case "", "0.0.0.0", "[::]" -> "127.0.0.1";
            default -> host;
        };
    }
}
