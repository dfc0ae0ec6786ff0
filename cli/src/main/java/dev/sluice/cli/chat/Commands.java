package dev.sluice.cli.chat;

import dev.sluice.gateway.config.NearestWord;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a line that begins with a slash does. */
final class Commands {
    /** All of them. */
    static final List<String> NAMES =
            List.of("/model", "/system", "/save", "/load", "/retry", "/clear", "/help", "/quit");

    private static final String NONE = "-";
    private static final int SHOWN_MODELS = 40;
    private static final String HELP =
            """
            /model [NAME]    says which models there are, or asks another one from now on
            /system [TEXT]   says the instruction to the model, or sets it; "/system -" has none
            /save FILE       writes the conversation as JSON
            /load FILE       goes on with a conversation that was saved
            /retry           asks the last question again
            /clear           forgets what was said
            /quit            leaves; so does Ctrl-D
            A line that ends in \\ goes on with the next; Alt-Enter begins one; what is pasted may have many.
            Ctrl-C stops an answer; at the prompt, twice leaves.
            """;

    /** What a chat does after a command. */
    enum Next {
        GO_ON,
        RETRY,
        LEAVE
    }

    private final Screen screen;
    private final Answerer answerer;
    private Conversation conversation;
    private String model;
    private Optional<Path> file = Optional.empty();

    Commands(Screen screen, Answerer answerer, Conversation conversation) {
        this.screen = screen;
        this.answerer = answerer;
        this.conversation = conversation;
        this.model = answerer.model();
    }

    Conversation conversation() {
        return conversation;
    }

    String model() {
        return model;
    }

    Next run(String line) {
        int space = line.indexOf(' ');
        String name = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space + 1).strip();
        switch (name) {
            case "/model" -> model(rest);
            case "/system" -> system(rest);
            case "/save" -> path(name, rest).ifPresent(this::save);
            case "/load" -> path(name, rest).ifPresent(this::load);
            case "/clear" -> {
                conversation.clear();
                screen.say("forgotten");
            }
            case "/help", "/?" -> HELP.lines().forEach(screen::say);
            case "/retry" -> {
                return Next.RETRY;
            }
            case "/quit", "/exit", "/bye" -> {
                return Next.LEAVE;
            }
            default ->
                    screen.warn(
                            "there is no "
                                    + name
                                    + NearestWord.of(name, NAMES)
                                            .map(near -> "; did you mean " + near + "?")
                                            .orElse("; /help says what there is"));
        }
        return Next.GO_ON;
    }

    private void model(String name) {
        if (!name.isEmpty()) {
            model = name;
            boolean listed = answerer.models().isEmpty() || answerer.models().contains(name);
            screen.say("asking " + name + (listed ? "" : ", which is not on the list of models"));
            return;
        }
        screen.say("asking " + model + ": " + answerer.where());
        answerer.models().stream()
                .limit(SHOWN_MODELS)
                .forEach(each -> screen.say((each.equals(model) ? "* " : "  ") + each));
        if (answerer.models().size() > SHOWN_MODELS) {
            screen.say("  and " + (answerer.models().size() - SHOWN_MODELS) + " more");
        }
    }

    private void system(String text) {
        if (!text.isEmpty()) {
            conversation.system(text.equals(NONE) ? "" : text);
        }
        screen.say(
                conversation.system().isEmpty()
                        ? "no instruction"
                        : "instruction: " + conversation.system());
    }

    private Optional<Path> path(String command, String text) {
        if (text.isEmpty()) {
            screen.warn(command + " needs a file: " + command + " FILE");
            return Optional.empty();
        }
        try {
            boolean home = text.startsWith("~/");
            return Optional.of(
                    home
                            ? Path.of(System.getProperty("user.home"), text.substring(2))
                            : Path.of(text));
        } catch (InvalidPathException invalid) {
            screen.warn(text + " is no path");
            return Optional.empty();
        }
    }

    private void save(Path to) {
        try {
            boolean own = file.isPresent() && file.get().equals(to);
            ConversationFile.save(to, model, conversation, own);
            file = Optional.of(to);
            screen.say("saved in " + to);
        } catch (FileAlreadyExistsException there) {
            screen.warn("not saved: " + to + " is there already");
        } catch (IOException failed) {
            screen.warn("not saved in " + to + ": " + reason(failed));
        }
    }

    private void load(Path from) {
        try {
            conversation = ConversationFile.load(from);
            file = Optional.of(from);
            int turns = conversation.turns().size();
            screen.say("going on after " + turns + (turns == 1 ? " question" : " questions"));
        } catch (NoSuchFileException none) {
            screen.warn("there is no file " + from);
        } catch (IOException failed) {
            screen.warn("not loaded: " + from + ": " + reason(failed));
        }
    }

    private static String reason(IOException failed) {
        return failed instanceof NoSuchFileException
                ? "there is no such folder"
                : String.valueOf(failed.getMessage());
    }
}
