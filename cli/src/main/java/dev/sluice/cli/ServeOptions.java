package dev.sluice.cli;

import dev.sluice.gateway.config.AccessLog;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigFile;
import dev.sluice.gateway.config.Listen;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.routing.Planner;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code sluice serve} is told: a file, the environment, and the command line, which has the
 * last word.
 */
final class ServeOptions {
    static final Options OPTIONS =
            new Options(
                    new Options.Option("host", "HOST", "where to listen; 127.0.0.1 if not said"),
                    new Options.Option("port", "PORT", "8080 if not said; 0 takes any free one"),
                    new Options.Option(
                            "config",
                            "FILE",
                            "a configuration file; see docs/config.md; SIGHUP has it read again"),
                    new Options.Option("watch", "", "read it again when it changes, too"),
                    new Options.Option(
                            "upstream",
                            "[NAME=]URL",
                            "a model server; what it speaks is found by asking it; may be"
                                    + " repeated"),
                    new Options.Option("access-log", "FORM", "text, json or off"),
                    new Options.Option(
                            "strict", "", "a parameter that an upstream cannot take is an error"));

    private static final List<String> FORMS =
            Arrays.stream(AccessLog.values()).map(AccessLog::word).toList();

    private ServeOptions() {}

    /**
     * The configuration that a start needs, checked.
     *
     * @throws UsageException for what the command line says
     * @throws dev.sluice.gateway.config.ConfigException for what file and environment say
     */
    static Config config(Options.Typed typed, Map<String, String> env) {
        if (!typed.words().isEmpty()) {
            String word = UsageException.shown(typed.words().getFirst());
            throw new UsageException("serve takes options only, and " + word + " is none");
        }
        Config config =
                typed.last("config")
                        .map(file -> ConfigFile.read(Path.of(file), env, quirks()))
                        .orElseGet(Config::defaults)
                        .withEnvironment(env);
        return checked(laidOver(config, typed));
    }

    /** There is nothing to watch without a file. */
    static void checkWatch(Options.Typed typed) {
        if (typed.has("watch") && typed.last("config").isEmpty()) {
            throw new UsageException("--watch needs a file to watch: --config FILE");
        }
    }

    /** The quirks that a file may name. */
    static Set<String> quirks() {
        return Set.copyOf(Planner.quirkNames());
    }

    private static Config laidOver(Config file, Options.Typed typed) {
        Config config = file;
        for (String upstream : typed.all("upstream")) {
            Config before = config;
            config = UsageException.of("--upstream", () -> UpstreamOption.added(upstream, before));
        }
        if (typed.last("host").isPresent()) {
            Config before = config;
            config = UsageException.of("--host", () -> before.withHost(typed.last("host").get()));
        }
        if (typed.last("port").isPresent()) {
            Config before = config;
            config = UsageException.of("--port", () -> before.withPort(port(typed)));
        }
        if (typed.last("access-log").isPresent()) {
            config = config.toBuilder().accessLog(form(typed.last("access-log").get())).build();
        }
        return typed.has("strict") ? config.toBuilder().strict(true).build() : config;
    }

    private static int port(Options.Typed typed) {
        String text = typed.last("port").orElse("");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new UsageException(
                    "--port: "
                            + UsageException.shown(text)
                            + " is no number (expected: 0 to 65535)");
        }
    }

    private static AccessLog form(String text) {
        for (AccessLog form : AccessLog.values()) {
            if (form.word().equals(text)) {
                return form;
            }
        }
        throw UsageException.unknown("form of the access log", text, FORMS);
    }

    private static Config checked(Config config) {
        for (ProviderConfig provider : config.providers()) {
            if (isThisGateway(provider, config.listen())) {
                throw new UsageException(
                        "provider `"
                                + provider.name()
                                + "` at "
                                + provider.url()
                                + " is this gateway itself; unset OPENAI_BASE_URL or"
                                + " ANTHROPIC_BASE_URL if it comes from there, or take another"
                                + " --port");
            }
        }
        return config.checked();
    }

    /** A base URL that was set for clients of this gateway would make it ask itself for ever. */
    private static boolean isThisGateway(ProviderConfig provider, Listen listen) {
        return provider.url().port() == listen.port()
                && isThisMachine(provider.url().host())
                && (listen.isLoopback() || isThisMachine(listen.host()));
    }

    private static boolean isThisMachine(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            return address.isLoopbackAddress() || address.isAnyLocalAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
