package dev.sluice.cli;

import dev.sluice.cli.chat.Answerer;
import dev.sluice.cli.chat.ChatSession;
import dev.sluice.cli.chat.ChatSettings;
import dev.sluice.cli.chat.Conversation;
import dev.sluice.cli.chat.OneAnswer;
import dev.sluice.client.StreamConfig;

import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.spi.SystemStream;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sluice chat}: a conversation on a terminal, one question on a terminal, or one question in
 * a pipe.
 */
final class ChatCommand {
    private static final int MOST_BYTES = 16 << 20;

    private final Map<String, String> env;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    ChatCommand(Map<String, String> env, InputStream in, PrintStream out, PrintStream err) {
        this.env = env;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    int run(List<String> args) {
        Options.Typed typed = ChatOptions.OPTIONS.read(args);
        if (Options.wantsHelp(typed)) {
            out.print(help());
            return Main.OK;
        }
        StreamConfig config = ChatOptions.config(typed);
        Answerers.Wish wish = ChatOptions.wish(typed, env);
        Conversation conversation = new Conversation(typed.last("system").orElse(""));
        String words = String.join(" ", typed.words());
        try {
            if (isTerminal()) {
                return onTerminal(wish, conversation, config, words);
            }
            String question = question(words);
            try (Answerer answerer = new Answerers(env, err).find(wish)) {
                return new OneAnswer(answerer, config, out, err).ask(conversation, question).code();
            }
        } catch (NobodyAnswers nobody) {
            err.println("sluice: " + nobody.getMessage());
            return Main.FAILED;
        } catch (IOException unreadable) {
            err.println("sluice: the terminal or the input failed: " + unreadable.getMessage());
            return Main.FAILED;
        }
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private int onTerminal(
            Answerers.Wish wish, Conversation conversation, StreamConfig config, String words)
            throws IOException {
        ChatSettings settings = new ChatSettings(config, Ink.of(env).isColoured());
        try (Answerer answerer = new Answerers(env, err).find(wish);
                Terminal terminal =
                        TerminalBuilder.builder()
                                .system(true)
                                .encoding(StandardCharsets.UTF_8)
                                // Asks the terminal questions whose answers are not needed here.
                                .graphemeCluster(false)
                                .build()) {
            ChatSession session = new ChatSession(answerer, conversation, settings, terminal);
            if (!words.isEmpty()) {
                return session.ask(words).code();
            }
            session.talk(history());
            return Main.OK;
        }
    }

    /** What is typed may be nobody's business: it is kept where somebody wants that. */
    private Optional<Path> history() {
        return Optional.of(env.getOrDefault("SLUICE_HISTORY", ""))
                .filter(file -> !file.isBlank())
                .map(Path::of);
    }

    /** What was typed, and below it what was piped. */
    private String question(String words) throws IOException {
        String piped = words.isEmpty() || !isTerminal(SystemStream.Input) ? piped() : "";
        String question = words + (words.isEmpty() || piped.isEmpty() ? "" : "\n\n") + piped;
        if (question.isBlank()) {
            throw new UsageException("there is nothing to ask: sluice chat PROMPT, or pipe one");
        }
        return question;
    }

    private String piped() throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new UsageException("what was piped is larger than 16 MiB");
        }
        return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    }

    private static boolean isTerminal(SystemStream stream) {
        return TerminalBuilder.builder()
                .getProviders(null, new IllegalStateException("no way to ask the system"))
                .stream()
                .anyMatch(provider -> provider.isSystemStream(stream));
    }

    private static String help() {
        return """
        sluice chat [options] [prompt]

        Without a prompt, a conversation on the terminal; with one, its answer. In a
        pipe the prompt may come on standard input, and the text of the answer alone
        goes to standard output.

        %s
        Environment:
          SLUICE_API_KEY     the key that is shown to whoever is asked
          SLUICE_BASE_URL    where the gateway is, if not on http://127.0.0.1:8080
          SLUICE_HISTORY     a file that keeps what was typed; none if not set
          NO_COLOR           no colours

        Exit codes for one answer:
          0     it is whole
          1     it failed, or there is nobody to ask
          2     a wrong command line, or a request that cannot be answered
          3     it broke off; what came was printed
          4     a limit of tokens ended it
          5     the model refused
          6     the model wants tools run
          130   it was stopped
        """
                .formatted(ChatOptions.OPTIONS.help());
    }
}
