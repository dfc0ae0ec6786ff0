package dev.sluice.dialect.gemini;

import dev.sluice.core.request.Block;
import dev.sluice.core.request.Seal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Seals on thinking. This wire's are bytes in base64, which official clients decode and encode
 * anew, so a seal of another vendor travels as the base64 of its marked form. One of this vendor's
 * that leaves the dialect bears its mark.
 */
final class GeminiSeal {
    /** What stands for a seal that the conversation has lost, where a model demands one. */
    static final String SKIP = "skip_thought_signature_validator";

    private static final String OTHER = "other";
    private static final String REDACTED = "redacted";

    private GeminiSeal() {}

    /** A seal of another vendor, for a client of this dialect. */
    static String ofForeign(String seal) {
        return packed(Seal.mark(OTHER, seal));
    }

    /** Thinking that only another vendor can read, for a client of this dialect. */
    static String ofRedacted(String data) {
        return packed(Seal.mark(REDACTED, data));
    }

    private static String packed(String marked) {
        return Base64.getEncoder().encodeToString(marked.getBytes(StandardCharsets.UTF_8));
    }

    /** Thinking of this vendor's, as it is known between dialects; an empty seal is none. */
    static Block.Thinking thinking(String text, String signature) {
        return new Block.Thinking(text, Seal.mark(GeminiDialect.NAME, signature));
    }

    /** What a client sends back; empty if the seal is this vendor's own. */
    static Optional<Block> foreign(String signature) {
        return unpacked(signature).map(GeminiSeal::block);
    }

    private static Block block(String marked) {
        Optional<String> redacted = Seal.unmark(REDACTED, marked);
        return redacted.isPresent()
                ? new Block.RedactedThinking(redacted.get())
                : new Block.Thinking("", Seal.unmark(OTHER, marked).orElse(marked));
    }

    private static Optional<String> unpacked(String signature) {
        try {
            byte[] bytes = Base64.getDecoder().decode(plain(signature));
            String text = new String(bytes, StandardCharsets.UTF_8);
            return Seal.isMarked(text) ? Optional.of(text) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Base64 of either alphabet, with or without padding, in the letters that all know. */
    static String plain(String base64) {
        StringBuilder out = new StringBuilder(base64.length() + 3);
        for (int i = 0; i < base64.length(); i++) {
            char c = base64.charAt(i);
            if (c > ' ' && c != '=') {
                out.append(c == '-' ? '+' : c == '_' ? '/' : c);
            }
        }
        while (out.length() % 4 != 0) {
            out.append('=');
        }
        return out.toString();
    }
}
