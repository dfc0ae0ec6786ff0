package dev.sluice.cli.chat;

import dev.sluice.cli.terminal.Markdown;

/** An answer on a terminal: its text as Markdown, its thinking dimmed, its calls on lines. */
final class MarkdownView implements AnswerView {
    private final Markdown page;

    MarkdownView(Markdown page) {
        this.page = page;
    }

    @Override
    public void text(String piece) {
        page.text(piece);
    }

    @Override
    public void thinking(String piece) {
        page.thinking(piece);
    }

    @Override
    public void toolUse(String name) {
        page.note("\u2192 " + name);
    }

    @Override
    public void arguments(String piece) {
        page.thinking(piece);
    }

    @Override
    public void end() {
        page.end();
    }
}
