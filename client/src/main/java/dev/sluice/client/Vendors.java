package dev.sluice.client;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.dialect.KnownServers;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who can be asked without further ado, and the variables that their own libraries read. One table,
 * so that what is known of a vendor stands in one place.
 */
final class Vendors {
    /**
     * A vendor.
     *
     * @param url where it is when nobody says otherwise
     * @param server the kind of server there
     * @param keyNeeded whether it answers to nobody without a key
     * @param ownSampling whether it chooses sampling parameters that nobody set
     */
    private record Vendor(
            String name,
            String dialect,
            String server,
            String url,
            String keyVariable,
            String urlVariable,
            boolean keyNeeded,
            boolean ownSampling) {}

    private static final String CHAT = "openai-chat";
    private static final String OLLAMA_HOST = "OLLAMA_HOST";
    private static final String GEMINI_BASE = "GOOGLE_GEMINI_BASE_URL";

    /** Stands in an address for the place that the environment says. */
    private static final String REGION = "{region}";

    private static final List<String> REGIONS = List.of("AWS_REGION", "AWS_DEFAULT_REGION");

    private static final List<Vendor> ALL =
            List.of(
                    new Vendor(
                            "openai",
                            CHAT,
                            KnownServers.OPENAI,
                            "https://api.openai.com/v1",
                            "OPENAI_API_KEY",
                            "OPENAI_BASE_URL",
                            true,
                            true),
                    new Vendor(
                            "anthropic",
                            "anthropic",
                            KnownServers.ANTHROPIC,
                            "https://api.anthropic.com",
                            "ANTHROPIC_API_KEY",
                            "ANTHROPIC_BASE_URL",
                            true,
                            true),
                    new Vendor(
                            "ollama",
                            "ollama",
                            KnownServers.OLLAMA,
                            OllamaHost.base(""),
                            "OLLAMA_API_KEY",
                            OLLAMA_HOST,
                            false,
                            false),
                    new Vendor(
                            "gemini",
                            "gemini",
                            KnownServers.GOOGLE,
                            "https://generativelanguage.googleapis.com/v1beta",
                            "GEMINI_API_KEY",
                            GEMINI_BASE,
                            true,
                            true),
                    new Vendor(
                            "bedrock",
                            "bedrock",
                            KnownServers.BEDROCK,
                            "https://bedrock-runtime." + REGION + ".amazonaws.com",
                            "AWS_BEARER_TOKEN_BEDROCK",
                            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
                            true,
                            true),
                    new Vendor(
                            "sluice",
                            CHAT,
                            KnownServers.COMPATIBLE,
                            "http://127.0.0.1:8080/v1",
                            "SLUICE_API_KEY",
                            "SLUICE_BASE_URL",
                            false,
                            true));

    private final Map<String, String> environment;
    private final Map<String, String> keys;
    private final Map<String, URI> baseUrls;

    /** Vendors with what was said of them, which holds before what the environment says. */
    Vendors(Map<String, String> environment, Map<String, String> keys, Map<String, URI> baseUrls) {
        this.environment = environment;
        this.keys = Map.copyOf(keys);
        this.baseUrls = Map.copyOf(baseUrls);
    }

    /** The names of all. */
    static List<String> names() {
        return ALL.stream().map(Vendor::name).toList();
    }

    /** Refuses a name that is none. */
    static void check(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException(
                    "vendor: " + name + " (expected: one of " + names() + ")");
        }
    }

    /** The adapter of the vendor called {@code name}. */
    Adapter adapter(String name) {
        Vendor vendor = ALL.stream().filter(v -> v.name.equals(name)).findFirst().orElseThrow();
        Optional<URI> url = url(vendor);
        String key = keys.getOrDefault(name, said(vendor.keyVariable));
        if (!HttpAdapter.Builder.isKey(key)) {
            throw Failure.of(
                            FailureCode.AUTHENTICATION,
                            "the key for `"
                                    + name
                                    + "` ("
                                    + vendor.keyVariable
                                    + ") has a character that no key has (expected: visible ASCII)")
                    .asException();
        }
        HttpAdapter.Builder adapter =
                HttpAdapter.builder(name, vendor.dialect, url.orElseGet(() -> usual(vendor)))
                        .key(key);
        // An address of one's own is often another program that speaks the vendor's dialect.
        boolean itself = url.isEmpty() || vendor.urlVariable.equals(OLLAMA_HOST);
        if (itself) {
            adapter.server(vendor.server);
        }
        if (itself && vendor.keyNeeded && key.isEmpty()) {
            adapter.missing(
                    "`"
                            + name
                            + "` answers to nobody without a key: set "
                            + vendor.keyVariable
                            + ", or give one to the builder");
        }
        if (vendor.ownSampling) {
            adapter.ownSampling();
        }
        return adapter.build();
    }

    private URI usual(Vendor vendor) {
        if (!vendor.url.contains(REGION)) {
            return URI.create(vendor.url);
        }
        String region =
                REGIONS.stream()
                        .map(this::said)
                        .filter(said -> !said.isEmpty())
                        .findFirst()
                        .orElseThrow(() -> noRegion(vendor));
        if (!region.chars()
                .allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
            throw noRegion(vendor);
        }
        return URI.create(vendor.url.replace(REGION, region));
    }

    private static FailureException noRegion(Vendor vendor) {
        return Failure.invalid(
                        REGIONS.getFirst(),
                        "`"
                                + vendor.name
                                + "` is in many places: set "
                                + String.join(" or ", REGIONS)
                                + " to the name of one, such as eu-west-1")
                .asException();
    }

    private Optional<URI> url(Vendor vendor) {
        URI given = baseUrls.get(vendor.name);
        if (given != null) {
            return Optional.of(given);
        }
        String said = said(vendor.urlVariable);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    switch (vendor.urlVariable) {
                        case OLLAMA_HOST -> URI.create(OllamaHost.base(said));
                        case GEMINI_BASE -> URI.create(versioned(said));
                        default -> URI.create(said);
                    });
        } catch (IllegalArgumentException malformed) {
            throw Failure.invalid(
                            vendor.urlVariable,
                            vendor.urlVariable + " is not a URL: " + malformed.getMessage())
                    .asException();
        }
    }

    /** The vendor's own libraries add the version, so it may be missing. */
    private static String versioned(String url) {
        String path = URI.create(url).getPath();
        return path == null || path.isEmpty() || path.equals("/")
                ? url.replaceFirst("/$", "") + "/v1beta"
                : url;
    }

    private String said(String variable) {
        return environment.getOrDefault(variable, "").strip();
    }
}
