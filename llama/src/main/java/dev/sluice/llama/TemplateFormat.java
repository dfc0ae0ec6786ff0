package dev.sluice.llama;

import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.request.Request;
import dev.sluice.llama.binding.LibraryUnusable;
import dev.sluice.llama.chat.ChatPrompt;
import dev.sluice.llama.chat.ChatTemplate;
import dev.sluice.llama.chat.OutputParser;
import dev.sluice.llama.grammar.Gbnf;
import dev.sluice.llama.template.TemplateException;

/** A model that brings a chat template along is talked to by it, and read as its family writes. */
final class TemplateFormat implements ChatFormat {
    private final ChatTemplate template;

    private TemplateFormat(ChatTemplate template) {
        this.template = template;
    }

    /** The format of a model; that of most others if it brings no template along. */
    static ChatFormat of(TextModel.Facts facts) {
        if (facts.template().isEmpty()) {
            return new ChatMl();
        }
        try {
            return new TemplateFormat(
                    ChatTemplate.of(facts.template(), facts.begin(), facts.end()));
        } catch (TemplateException malformed) {
            throw new LibraryUnusable(
                    "the chat template of the model cannot be read: " + malformed.getMessage());
        }
    }

    @Override
    public Turn turn(Request request) {
        ChatPrompt prompt = template.prompt(request);
        return new Turn(
                prompt.text(),
                prompt.grammar().map(Gbnf::text).orElse(""),
                true,
                out -> new Parsed(new OutputParser(prompt, out)));
    }

    /** The parser as a reader of answers. */
    private record Parsed(OutputParser parser) implements AnswerReader {
        @Override
        public void start(Event.MessageStart start) {
            parser.start(start);
        }

        @Override
        public void feed(String text) {
            parser.feed(text);
        }

        @Override
        public boolean stopped() {
            return parser.stopped();
        }

        @Override
        public void finish(StopReason reason, Usage usage) {
            parser.finish(reason, usage);
        }
    }
}
