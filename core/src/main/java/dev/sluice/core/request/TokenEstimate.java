package dev.sluice.core.request;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Guesses how many tokens a request has, without the model's tokenizer. Text in the Latin alphabet
 * has about four characters to a token; an ideograph, kana or hangul syllable is about one; what
 * lies between is in between. What is not text counts by its kind. Real counts differ by a quarter
 * and more: whoever shows a guess calls it one. A long text is judged by samples, so that a guess
 * costs next to nothing.
 */
public final class TokenEstimate {
    /** Guesses add up in quarters of a token. */
    private static final int QUARTERS = 4;

    /** Texts of more characters than this are judged by samples. */
    private static final int LONG = 1024;

    private static final int SAMPLES = 32;
    private static final int SAMPLE = 16;

    private static final long REQUEST = 3;
    private static final long MESSAGE = 4;
    private static final long BLOCK = 8;
    private static final long TOOL = 8;
    private static final long IMAGE = 1000;
    private static final long SMALL_IMAGE = 85;

    /** A page or so; large documents have about a token to 32 characters of base64. */
    private static final long DOCUMENT = 1500;

    private static final int DOCUMENT_CHARACTERS = 32;

    /** Ten tokens a second: of sound that is compressed, and of sound that is not. */
    private static final int MP3_CHARACTERS = 2000;

    private static final int WAV_CHARACTERS = 8000;
    private static final long SOUND = 50;

    private TokenEstimate() {}

    /** The tokens of the prompt that {@code request} makes: at least 1. */
    public static long of(Request request) {
        long tokens = REQUEST + blocks(request.system());
        for (Message message : request.messages()) {
            tokens += MESSAGE + blocks(message.blocks());
        }
        for (Tool tool : request.tools()) {
            tokens += tool(tool);
        }
        if (request.responseFormat() instanceof ResponseFormat.JsonSchema schema) {
            tokens +=
                    estimate(schema.name()) + optional(schema.description()) + raw(schema.schema());
        }
        return tokens;
    }

    /** The tokens of {@code answer}. */
    public static long of(Answer answer) {
        long tokens = 0;
        for (AnswerBlock block : answer.blocks()) {
            tokens +=
                    estimate(block.text().toString())
                            + (block.kind() == BlockKind.TOOL_USE
                                    ? BLOCK + estimate(block.name())
                                    : 0);
        }
        return tokens;
    }

    /** The tokens of {@code text}; 0 only if it is empty. */
    public static long estimate(CharSequence text) {
        int length = text.length();
        if (length <= LONG) {
            return (quarters(text, 0, length) + QUARTERS - 1) / QUARTERS;
        }
        long quarters = 0;
        for (int i = 0; i < SAMPLES; i++) {
            int from = (int) ((long) (length - SAMPLE) * i / (SAMPLES - 1));
            quarters += quarters(text, from, from + SAMPLE);
        }
        return quarters * length / (SAMPLES * SAMPLE * QUARTERS);
    }

    private static long quarters(CharSequence text, int from, int to) {
        long quarters = 0;
        for (int i = from; i < to; i++) {
            quarters += quarters(text.charAt(i));
        }
        return quarters;
    }

    private static int quarters(char c) {
        if (c < 0x80) {
            return 1;
        }
        if (c < 0x800 || Character.isSurrogate(c)) {
            return 2;
        }
        return isWideScript(c) ? 4 : 3;
    }

    /** Kana, ideographs and hangul, and the signs that stand between them. */
    private static boolean isWideScript(char c) {
        return c >= 0x2e80 && c <= 0x9fff
                || c >= 0xac00 && c <= 0xd7af
                || c >= 0xf900 && c <= 0xfaff
                || c >= 0xff00 && c <= 0xffef;
    }

    private static long optional(@Nullable String text) {
        return text == null ? 0 : estimate(text);
    }

    private static long raw(@Nullable Raw json) {
        if (json == null) {
            return 0;
        }
        return json.length() > LONG ? json.length() / QUARTERS : estimate(json.toString());
    }

    private static long blocks(List<Block> blocks) {
        long tokens = 0;
        for (Block block : blocks) {
            tokens += block(block);
        }
        return tokens;
    }

    private static long block(Block block) {
        return switch (block) {
            case Block.Text text -> estimate(text.text());
            case Block.Image image -> "low".equals(image.detail()) ? SMALL_IMAGE : IMAGE;
            case Block.Document document ->
                    optional(document.title())
                            + optional(document.context())
                            + document(document.source());
            case Block.Audio audio -> {
                int characters = audio.format().equals("wav") ? WAV_CHARACTERS : MP3_CHARACTERS;
                yield Math.max(SOUND, audio.data().length() / characters);
            }
            case Block.Thinking thinking -> estimate(thinking.text());
            case Block.RedactedThinking redacted -> redacted.data().length() / QUARTERS;
            case Block.ToolUse call -> BLOCK + estimate(call.name()) + estimate(call.arguments());
            case Block.ToolResult result -> BLOCK + blocks(result.content());
            case Block.Refusal refusal -> estimate(refusal.text());
            case Block.Opaque opaque -> raw(opaque.raw());
        };
    }

    private static long document(Source source) {
        return switch (source) {
            case Source.PlainText text -> estimate(text.text());
            case Source.Base64 data ->
                    Math.max(DOCUMENT, data.data().length() / DOCUMENT_CHARACTERS);
            case Source.Url _, Source.FileId _ -> DOCUMENT;
        };
    }

    private static long tool(Tool tool) {
        return TOOL
                + estimate(tool.name())
                + switch (tool) {
                    case Tool.Function function ->
                            optional(function.description()) + raw(function.parameters());
                    case Tool.Custom custom ->
                            optional(custom.description()) + raw(custom.format());
                    case Tool.Hosted hosted -> raw(hosted.raw());
                };
    }
}
