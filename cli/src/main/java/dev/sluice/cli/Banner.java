package dev.sluice.cli;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.routing.Catalog;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.util.List;

/**
 * What is said at the start: where the gateway is, who answers, what is to be known, and lines that
 * work when they are pasted into a shell.
 */
final class Banner {
    private static final int SHOWN = 4;
    private static final int COLUMN = 12;
    private static final String KEY = "\"$SLUICE_API_KEY\"";

    private final Config config;
    private final String url;
    private final SluicePlan plan;
    private final long startMillis;
    private final Ink ink;

    Banner(Config config, int port, SluicePlan plan, long startMillis, Ink ink) {
        this.config = config;
        this.url = url(config, port);
        this.plan = plan;
        this.startMillis = startMillis;
        this.ink = ink;
    }

    private static String url(Config config, int port) {
        String host = config.listen().host();
        String shown = isEverywhere(host) ? "127.0.0.1" : host;
        String authority = shown.contains(":") ? "[" + shown + "]" : shown;
        return (config.listen().tls().isPresent() ? "https://" : "http://")
                + authority
                + ":"
                + port;
    }

    private static boolean isEverywhere(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    String text() {
        StringBuilder out = new StringBuilder();
        out.append(ink.bold("Sluice " + Main.VERSION))
                .append(" on ")
                .append(ink.bold(url))
                .append(ink.dim(", ready in " + startMillis + " ms"))
                .append('\n');
        if (isEverywhere(config.listen().host())) {
            out.append("and on every other address of this machine\n");
        }
        out.append('\n');
        plan.catalog().all().forEach(entry -> out.append(entry(entry)));
        config.warnings().forEach(line -> out.append('\n').append(ink.warning(line)).append('\n'));
        if (DemoModel.isAllThereIs(config)) {
            out.append(
                    """

                    No model server yet: add --upstream http://127.0.0.1:11434 (Ollama, llama.cpp, vLLM, LM Studio, mlx_lm.server, …),
                    or set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY.
                    """);
        }
        return out.append('\n').append(lines(model())).append('\n').toString();
    }

    private String entry(Catalog.Entry entry) {
        StringBuilder out = new StringBuilder();
        out.append(head(entry.name())).append(what(entry)).append('\n');
        if (!entry.models().isEmpty()) {
            out.append(head("")).append(models(entry)).append('\n');
        }
        if (entry.problem().isPresent()) {
            out.append(head("")).append(ink.warning(entry.problem().get())).append('\n');
            if (!entry.inProcess()) {
                out.append(head("")).append(ink.dim("asked again every few seconds")).append('\n');
            }
        }
        return out.toString();
    }

    private String head(String name) {
        String padded = name + " ".repeat(Math.max(1, COLUMN - name.length()));
        return "  " + (name.isEmpty() ? padded : ink.good(padded));
    }

    private static String what(Catalog.Entry entry) {
        return entry.isSimulated()
                ? "built in"
                : entry.inProcess()
                        ? "llama.cpp in this process"
                        : entry.upstream().map(Banner::what).orElse("not known yet");
    }

    private static String what(UpstreamPlan upstream) {
        return upstream.quirks().server()
                + " at "
                + upstream.base()
                + " ("
                + upstream.dialect().name()
                + ")";
    }

    private static String models(Catalog.Entry entry) {
        List<String> first =
                entry.models().stream()
                        .limit(SHOWN)
                        .map(model -> (entry.inProcess() ? entry.name() + "/" : "") + model.id())
                        .toList();
        int more = entry.models().size() - first.size();
        return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
    }

    private String model() {
        return ExampleModel.of(plan.models(), plan.catalog()).map(ModelCard::id).orElse("MODEL");
    }

    private String lines(String model) {
        boolean open = config.keys().isEmpty();
        String key = open ? "none" : KEY;
        String shown = Shell.quoted(model);
        StringBuilder out = new StringBuilder();
        if (!open) {
            out.append("Clients must show a key (")
                    .append(String.join(", ", config.keys().names()))
                    .append("); in these lines it is $SLUICE_API_KEY.\n\n");
        }
        out.append(ink.bold("Try it")).append('\n');
        out.append("  ").append(url).append("/ in a browser\n");
        out.append("  ./sluice chat --url ").append(url).append('\n');
        out.append("  ").append(curl("/v1/chat/completions", model, "")).append('\n');
        out.append("  ").append(curl("/v1/messages", model, "\"max_tokens\":500,")).append('\n');
        out.append(ink.bold("Claude Code"))
                .append("\n  ANTHROPIC_BASE_URL=%s ANTHROPIC_AUTH_TOKEN=%s".formatted(url, key))
                .append(" ANTHROPIC_MODEL=")
                .append(shown)
                .append(" ANTHROPIC_DEFAULT_HAIKU_MODEL=")
                .append(shown)
                .append(" claude\n");
        out.append(ink.bold("OpenAI clients"))
                .append("\n  OPENAI_BASE_URL=%s/v1 OPENAI_API_KEY=%s\n".formatted(url, key));
        return out.toString();
    }

    private String curl(String path, String model, String more) {
        String insecure = config.listen().tls().isPresent() ? " -k" : "";
        String auth =
                config.keys().isEmpty() ? "" : " -H \"authorization: Bearer $SLUICE_API_KEY\"";
        String body =
                "{\"model\":"
                        + Shell.json(model)
                        + ",\"stream\":true,"
                        + more
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        return "curl -N" + insecure + " " + url + path + auth + " -d " + Shell.quoted(body);
    }
}
