package dev.sluice.cli;

import dev.sluice.cli.bench.CsvReport;
import dev.sluice.cli.bench.HtmlReport;
import dev.sluice.cli.bench.JsonReport;
import dev.sluice.cli.bench.Load;
import dev.sluice.cli.bench.ProgressView;
import dev.sluice.cli.bench.Runner;
import dev.sluice.cli.bench.Slo;
import dev.sluice.cli.bench.Subject;
import dev.sluice.cli.bench.Summary;
import dev.sluice.cli.bench.TableReport;
import dev.sluice.cli.chat.Answerer;
import dev.sluice.cli.terminal.Markdown;
import dev.sluice.gateway.config.DialectKind;

import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code sluice bench}: measures how fast models answer, as their client sees it. */
final class BenchCommand {
    private static final int MISSED = 3;
    private static final int STOPPED = 130;
    private static final int WIDE = 200;

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    BenchCommand(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    int run(List<String> args) {
        Options.Typed typed = BenchOptions.OPTIONS.read(args);
        if (Options.wantsHelp(typed)) {
            out.print(help());
            return Main.OK;
        }
        if (typed.has("json") && typed.has("csv")) {
            throw new UsageException("--json and --csv cannot both be printed");
        }
        Load load = BenchOptions.load(typed);
        Optional<Slo> slo = BenchOptions.slo(typed);
        List<Answerer> answerers = new ArrayList<>();
        try {
            List<Subject> subjects = subjects(typed, answerers);
            return measure(typed, load, slo.orElse(null), subjects);
        } catch (NobodyAnswers nobody) {
            err.println("sluice: " + nobody.getMessage());
            return Main.FAILED;
        } catch (IOException failed) {
            err.println("sluice: " + failed);
            return Main.FAILED;
        } finally {
            answerers.forEach(Answerer::close);
        }
    }

    // Whom to measure

    private List<Subject> subjects(Options.Typed typed, List<Answerer> answerers) {
        List<Optional<String>> models = orNone(typed.words(), typed.all("model"));
        List<Optional<String>> urls = orNone(typed.all("url"), List.of());
        List<Optional<String>> dialects = orNone(typed.all("dialect"), List.of());
        boolean several = urls.size() * dialects.size() > 1;
        Answerers finder = new Answerers(env, err);
        List<Subject> subjects = new ArrayList<>();
        for (Optional<String> url : urls) {
            for (Optional<String> word : dialects) {
                Optional<DialectKind> dialect = word.map(ChatOptions::dialect);
                for (Optional<String> model : models) {
                    Answerer found =
                            finder.find(
                                    new Answerers.Wish(
                                            url, dialect, model, ChatOptions.key(typed, env)));
                    answerers.add(found);
                    subjects.add(subject(found, several));
                }
            }
        }
        return subjects;
    }

    private static List<Optional<String>> orNone(List<String> some, List<String> more) {
        List<Optional<String>> all = new ArrayList<>();
        some.forEach(each -> all.add(Optional.of(each)));
        more.forEach(each -> all.add(Optional.of(each)));
        return all.isEmpty() ? List.of(Optional.empty()) : all;
    }

    private static Subject subject(Answerer found, boolean several) {
        String name = found.model() + (several ? ", " + found.where() : "");
        return new Subject(name, found.where(), found.client(), found.prefix() + found.model());
    }

    // Measuring

    private int measure(Options.Typed typed, Load load, @Nullable Slo slo, List<Subject> subjects)
            throws IOException {
        String begun = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Runner runner = new Runner(load);
        List<Summary> summaries = new ArrayList<>();
        int columns = WIDE;
        if (isTerminal()) {
            try (Terminal terminal =
                    TerminalBuilder.builder()
                            .system(true)
                            .encoding(StandardCharsets.UTF_8)
                            .graphemeCluster(false)
                            .build()) {
                terminal.handle(Terminal.Signal.INT, _ -> runner.stop());
                columns = terminal.getColumns();
                new Markdown(err::print, terminal::getColumns, terminal::getRows, false)
                        .note(load.words() + "; Ctrl-C stops");
                for (Subject subject : subjects) {
                    if (!runner.isStopped()) {
                        summaries.add(watched(runner, load, subject, terminal));
                    }
                }
            }
        } else {
            try (Signals.Handled _ = Signals.handle("INT", runner::stop)) {
                for (Subject subject : subjects) {
                    if (!runner.isStopped()) {
                        summaries.add(runner.measure(subject, _ -> {}));
                    }
                }
            }
        }
        if (typed.last("html").isPresent()) {
            String page = HtmlReport.of(Main.VERSION, begun, load, summaries, slo);
            Files.writeString(Path.of(typed.last("html").get()), page);
        }
        print(
                typed.has("json")
                        ? JsonReport.of(Main.VERSION, begun, load, summaries, slo)
                        : typed.has("csv")
                                ? CsvReport.of(summaries)
                                : new TableReport(summaries, slo, columns, Ink.of(env).isColoured())
                                        .text());
        if (runner.isStopped()) {
            return STOPPED;
        }
        return code(summaries, slo);
    }

    private Summary watched(Runner runner, Load load, Subject subject, Terminal terminal) {
        ProgressView view = new ProgressView(err, terminal::getColumns, subject, load.runs());
        view.begin();
        try {
            return runner.measure(subject, view);
        } finally {
            view.end();
        }
    }

    private static int code(List<Summary> summaries, @Nullable Slo slo) {
        if (slo != null) {
            return summaries.stream().allMatch(slo::isKept) ? Main.OK : MISSED;
        }
        boolean all = summaries.stream().noneMatch(summary -> summary.whole().isEmpty());
        return all ? Main.OK : Main.FAILED;
    }

    private void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private static String help() {
        return """
        sluice bench [options] [MODEL…]

        Asks models for answers and writes down when each token came to this client.
        Times count from when a stream was due, so in an open loop (--rate) a stream
        that begins late shows what it waited.

        %s
        Figures:
          TTFT    time to the first token; ± is the standard deviation
          TBT     time between two tokens: p50 the middle, p99 what 99 of 100 keep
          jitter  how much one time between tokens differs from the one before
          TPS     tokens per second of a stream, from its first to its last
          TTLT    time to the last token

        Exit codes:
          0     measured; with --slo: met
          1     a model gave no whole answer, or there is nobody to ask
          2     a wrong command line
          3     --slo was missed
          130   it was stopped; what was measured is shown
        """
                .formatted(BenchOptions.OPTIONS.help());
    }
}
