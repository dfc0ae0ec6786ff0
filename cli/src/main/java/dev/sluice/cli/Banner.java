package dev.sluice.cli;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.routing.Catalog;

import java.util.List;

/**
 * What is said at the start: where the gateway is, who answers, what is to be known, and lines that
 * work when they are pasted.
 */
final class Banner {
    private static final int SHOWN = 4;

    private final Config config;
    private final int port;
    private final SluicePlan plan;
    private final long startMillis;

    Banner(Config config, int port, SluicePlan plan, long startMillis) {
        this.config = config;
        this.port = port;
        this.plan = plan;
        this.startMillis = startMillis;
    }

    String text() {
        StringBuilder out = new StringBuilder();
        out.append("Sluice ").append(Main.VERSION).append(" listens on ").append(url());
        out.append(" (ready in ").append(startMillis).append(" ms)\n\n");
        plan.catalog().all().forEach(entry -> out.append(line(entry)));
        config.warnings().forEach(warning -> out.append('\n').append(warning).append('\n'));
        String model = model();
        out.append("\nTry it:\n").append(curl(model));
        out.append("\nClaude Code   ANTHROPIC_BASE_URL=")
                .append(url())
                .append(" ANTHROPIC_AUTH_TOKEN=")
                .append(key())
                .append(" claude --model ")
                .append(model);
        out.append("\nOpenAI SDKs   OPENAI_BASE_URL=")
                .append(url())
                .append("/v1 OPENAI_API_KEY=")
                .append(key())
                .append("\n\n");
        return out.toString();
    }

    private String url() {
        String host = config.listen().host();
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        String shown = any ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return (config.listen().tls().isPresent() ? "https://" : "http://") + shown + ":" + port;
    }

    private String key() {
        return config.keys().isEmpty() ? "none" : "$SLUICE_API_KEY";
    }

    private String line(Catalog.Entry entry) {
        String what =
                entry.upstream()
                        .map(
                                plan ->
                                        plan.dialect().name()
                                                + " · "
                                                + plan.quirks().server()
                                                + " at "
                                                + plan.base())
                        .orElse(entry.name().equals(ProviderConfig.SIMULATED) ? "built in" : "");
        String tail = entry.problem().map(problem -> "not yet: " + problem).orElse(models(entry));
        return "  %-12s %s%n  %-12s %s%n"
                .formatted(
                        entry.name(),
                        what.isEmpty() ? tail : what,
                        "",
                        what.isEmpty() ? "it is asked again every few seconds" : tail);
    }

    private static String models(Catalog.Entry entry) {
        List<ModelCard> models = entry.models();
        if (models.isEmpty()) {
            return "lists no models; any name is passed on to it";
        }
        boolean simulated = entry.name().equals(ProviderConfig.SIMULATED);
        List<String> first =
                models.stream()
                        .limit(SHOWN)
                        .map(model -> simulated ? entry.name() + "/" + model.id() : model.id())
                        .toList();
        int more = models.size() - first.size();
        return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
    }

    /** A model that answers: of an upstream if there is one. */
    private String model() {
        List<ModelCard> all = plan.models();
        return all.stream()
                .filter(card -> !card.owner().equals(ProviderConfig.SIMULATED))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .map(ModelCard::id)
                .orElse("MODEL");
    }

    private String curl(String model) {
        String auth =
                config.keys().isEmpty() ? "" : " -H \"authorization: Bearer $SLUICE_API_KEY\"";
        String insecure = config.listen().tls().isPresent() ? " -k" : "";
        return "  curl -N"
                + insecure
                + " "
                + url()
                + "/v1/chat/completions"
                + auth
                + " -d '{\"model\":\""
                + model
                + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'\n"
                + "  curl -N"
                + insecure
                + " "
                + url()
                + "/v1/messages"
                + auth
                + " -d '{\"model\":\""
                + model
                + "\",\"stream\":true,\"max_tokens\":200,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'\n";
    }
}
