package dev.sluice.cli.chat;

import dev.sluice.client.SluiceException;
import dev.sluice.client.TokenStream;

import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A chat on a terminal: prompts with line editing and history, answers as they come. */
public final class ChatSession {
    private static final String NEW_LINE = "new-line";

    private final Answerer answerer;
    private final ChatSettings settings;
    private final Terminal terminal;
    private final Screen screen;
    private final StatusLine status;
    private final Commands commands;

    /** A chat with {@code answerer} that goes on with {@code conversation}. */
    public ChatSession(
            Answerer answerer,
            Conversation conversation,
            ChatSettings settings,
            Terminal terminal) {
        this.answerer = answerer;
        this.settings = settings;
        this.terminal = terminal;
        this.status = new StatusLine(settings.config().tokenBudget().orElse(null));
        this.screen = new Screen(terminal, status, settings.coloured());
        this.commands = new Commands(screen, answerer, conversation);
    }

    /** Asks {@code question} and no other; how it ended. */
    public Outcome ask(String question) {
        commands.conversation().ask(question);
        return answer();
    }

    /**
     * Talks until the user leaves.
     *
     * @param history where what was typed is kept, if anywhere
     */
    public void talk(Optional<Path> history) {
        LineReader reader = reader(history);
        screen.say("Sluice chat with " + answerer.model() + ": " + answerer.where());
        screen.say("/help says what there is, Ctrl-D leaves");
        screen.space();
        String prompt = screen.styled() ? "\u001b[1m›\u001b[0m " : "> ";
        boolean leaving = false;
        while (true) {
            String line;
            try {
                line = reader.readLine(prompt).replace("\\\n", "\n").strip();
            } catch (UserInterruptException interrupt) {
                if (leaving) {
                    return;
                }
                leaving = interrupt.getPartialLine().isBlank();
                if (leaving) {
                    screen.say("Ctrl-C once more leaves");
                }
                continue;
            } catch (EndOfFileException end) {
                return;
            }
            leaving = false;
            if (!line.isEmpty() && !heard(line)) {
                return;
            }
        }
    }

    /** Does what a line says; whether the chat goes on. */
    private boolean heard(String line) {
        if (!line.startsWith("/")) {
            commands.conversation().ask(line);
            answerAndSpace();
            return true;
        }
        switch (commands.run(line)) {
            case GO_ON -> {
                return true;
            }
            case LEAVE -> {
                return false;
            }
            case RETRY -> {
                if (commands.conversation().again().isPresent()) {
                    answerAndSpace();
                } else {
                    screen.warn("nothing was asked yet");
                }
            }
        }
        return true;
    }

    private void answerAndSpace() {
        screen.space();
        answer();
        screen.space();
    }

    private Outcome answer() {
        Conversation conversation = commands.conversation();
        String model = answerer.prefix() + commands.model();
        status.begin();
        try (TokenStream stream =
                answerer.client().stream(model, conversation.prompt(), settings.config())) {
            Asked asked = screen.show(stream);
            screen.sayEnd(asked, stream);
            conversation.answered(asked.answer(), asked.outcome() == Outcome.WHOLE);
            return asked.outcome();
        } catch (SluiceException refused) {
            Asked asked = new Asked(Outcome.of(refused), refused.partial(), refused);
            Endings.sentence(asked).ifPresent(screen::warn);
            return asked.outcome();
        }
    }

    private LineReader reader(Optional<Path> history) {
        LineReaderBuilder builder =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName("sluice")
                        .parser(new Lines())
                        .completer(new StringsCompleter(Commands.NAMES))
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                        .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ");
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        LineReader reader = builder.build();
        reader.getWidgets()
                .put(
                        NEW_LINE,
                        () -> {
                            reader.getBuffer().write('\n');
                            return true;
                        });
        KeyMap<Binding> keys = reader.getKeyMaps().get(LineReader.MAIN);
        Objects.requireNonNull(keys, "the main keys of the line reader");
        keys.bind(new Reference(NEW_LINE), KeyMap.alt('\r'), KeyMap.alt('\n'));
        return reader;
    }

    /** Lines as they are typed: no quotes, no escapes, but a backslash at the end goes on. */
    private static final class Lines implements Parser {
        private final Parser words = new DefaultParser().quoteChars(new char[0]).escapeChars(null);

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && line.endsWith("\\")) {
                throw new EOFError(-1, -1, "the line goes on");
            }
            return words.parse(line, cursor, context);
        }
    }
}
