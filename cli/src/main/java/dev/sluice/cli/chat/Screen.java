package dev.sluice.cli.chat;

import dev.sluice.cli.terminal.Markdown;
import dev.sluice.cli.terminal.StatusRow;
import dev.sluice.client.TokenStream;

import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The terminal while an answer is shown on it: the text, and the status below it. A signal of the
 * terminal stops the answer and nothing else.
 */
final class Screen {
    private static final Duration PACE = Duration.ofMillis(100);

    private final Terminal terminal;
    private final StatusLine status;
    private final boolean styled;
    private final boolean moving;
    private final AtomicReference<@Nullable StatusRow> row = new AtomicReference<>();

    Screen(Terminal terminal, StatusLine status, boolean coloured) {
        this.terminal = terminal;
        this.status = status;
        this.moving = !terminal.getType().startsWith("dumb");
        this.styled = coloured && moving;
        Runtime.getRuntime().addShutdownHook(new Thread(this::closeRow, "terminal"));
    }

    /** A row apart would outlive the program. */
    private void closeRow() {
        StatusRow open = row.getAndSet(null);
        if (open != null) {
            open.close();
        }
    }

    boolean styled() {
        return styled;
    }

    /** Shows {@code stream} while it comes. */
    Asked show(TokenStream stream) {
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> stream.cancel());
        Attributes attributes = terminal.getAttributes();
        terminal.setAttributes(unheard(attributes));
        StatusRow below = new StatusRow(this::write, terminal::getColumns, terminal::getRows);
        Thread ticking = Thread.ofVirtual().unstarted(() -> tick(stream, below));
        try {
            if (moving) {
                below.open();
                row.set(below);
                ticking.start();
            }
            return Asked.show(stream, new MarkdownView(page()));
        } finally {
            stop(ticking);
            closeRow();
            terminal.setAttributes(attributes);
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    private Markdown page() {
        return new Markdown(
                this::write,
                moving ? terminal::getColumns : () -> Integer.MAX_VALUE,
                terminal::getRows,
                styled);
    }

    /** What is typed meanwhile is for the next prompt, and not for the text. */
    private static Attributes unheard(Attributes attributes) {
        Attributes quiet = new Attributes(attributes);
        quiet.setLocalFlag(Attributes.LocalFlag.ECHO, false);
        quiet.setLocalFlag(Attributes.LocalFlag.ICANON, false);
        return quiet;
    }

    private void tick(TokenStream stream, StatusRow below) {
        try {
            while (true) {
                below.show(
                        status.live(stream.metrics(), stream.usage(), terminal.getColumns() - 1));
                Thread.sleep(PACE);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Thread ticking) {
        ticking.interrupt();
        boolean interrupted = false;
        while (ticking.isAlive()) {
            try {
                ticking.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says the numbers of an answer that has ended, and how it ended if it is not whole. */
    void sayEnd(Asked asked, TokenStream stream) {
        say(status.after(stream.metrics(), asked.answer().usage()));
        Endings.sentence(asked).ifPresent(this::warn);
    }

    /** Says something that is not the model's. */
    void say(String line) {
        page().note(line);
    }

    /** Says that something is not as it was hoped for. */
    void warn(String line) {
        page().warning(line);
    }

    /** An empty line. */
    void space() {
        write("\n");
    }

    /** Writes at once; whole pieces, whoever writes. */
    synchronized void write(String text) {
        terminal.writer().write(text);
        terminal.writer().flush();
    }
}
