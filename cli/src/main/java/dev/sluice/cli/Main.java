package dev.sluice.cli;

import dev.sluice.gateway.config.ConfigException;
import dev.sluice.gateway.config.InvalidValue;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * The command {@code sluice}. Exit codes: 0 well, 1 it could not run, 2 it was told something
 * wrong.
 */
public final class Main {
    /** The version of this program. */
    static final String VERSION = "0.1.0-SNAPSHOT";

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private Main() {}

    /** Runs the command that the arguments name. */
    public static void main(String[] args) {
        Logs.setUp();
        System.exit(run(List.of(args), System.getenv(), System.out, System.err));
    }

    /** Runs a command and returns its exit code. */
    static int run(List<String> args, Map<String, String> env, PrintStream out, PrintStream err) {
        try {
            return dispatch(args, env, out, err);
        } catch (ConfigException wrong) {
            wrong.problems().forEach(problem -> err.println("sluice: " + problem.sentence()));
            return USAGE;
        } catch (InvalidValue | UsageException wrong) {
            err.println("sluice: " + wrong.getMessage());
            return USAGE;
        }
    }

    private static int dispatch(
            List<String> args, Map<String, String> env, PrintStream out, PrintStream err) {
        if (args.isEmpty()) {
            out.print(help());
            return OK;
        }
        List<String> rest = args.subList(1, args.size());
        return switch (args.getFirst()) {
            case "serve" -> new ServeCommand(env, out, err).run(rest);
            case "chat" -> new ChatCommand(env, System.in, out, err).run(rest);
            case "bench" -> new BenchCommand(env, out, err).run(rest);
            case "check" -> CheckCommand.run(rest, env, out, err);
            case "key" -> KeyCommand.run(rest, out);
            case "--version", "version" -> {
                out.println("sluice " + VERSION);
                yield OK;
            }
            case "--help", "-h", "help" -> {
                out.print(help());
                yield OK;
            }
            case "--aot-training" -> AotTraining.run();
            default ->
                    throw UsageException.unknown(
                            "command",
                            args.getFirst(),
                            List.of(
                                    "serve",
                                    "chat",
                                    "bench",
                                    "check",
                                    "key",
                                    "--version",
                                    "--help"));
        };
    }

    private static String help() {
        return """
        Sluice %s: the streaming gateway for language models

          sluice serve [options]   start the gateway
          sluice chat [prompt]     talk to a model, or ask it one thing
          sluice bench [MODEL…]    measure how fast models answer
          sluice check FILE        say what is wrong with a configuration file, without starting
          sluice key NAME          make a key for a client, and the line of the configuration for it
          sluice --version
          sluice --help

        Each says its options with --help. Options of serve:
        %s
        Environment:
          OPENAI_API_KEY, ANTHROPIC_API_KEY   become providers (at OPENAI_BASE_URL, ANTHROPIC_BASE_URL if set)
          GEMINI_API_KEY, GOOGLE_API_KEY      either becomes the provider gemini (at GOOGLE_GEMINI_BASE_URL if set)
          SLUICE_API_KEY                      the key that clients must show; needed beyond this machine; chat and bench show it
        """
                .formatted(VERSION, ServeOptions.OPTIONS.help());
    }
}
