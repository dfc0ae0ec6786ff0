package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which header fields of an upstream's answer a client of the same dialect gets to see; all others
 * stay here.
 */
final class ResponseHeaders {
    private static final Set<String> NAMES =
            Set.of("openai-processing-ms", "openai-version", "openai-model");
    private static final List<String> PREFIXES = List.of("x-ratelimit-", "anthropic-ratelimit-");
    private static final int LONGEST = 1024;

    private ResponseHeaders() {}

    static Headers allowed(Headers upstream) {
        List<Header> kept = new ArrayList<>();
        for (Header header : upstream.all()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (isAllowed(name) && isClean(header.value())) {
                kept.add(new Header(name, header.value()));
            }
        }
        return kept.isEmpty() ? Headers.NONE : new Headers(kept);
    }

    private static boolean isAllowed(String name) {
        return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }

    private static boolean isClean(String value) {
        return value.length() <= LONGEST && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }
}
