package dev.sluice.dialect.bedrock;

import dev.sluice.core.failure.Failure;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The paths of this dialect. A model's name is one segment of the path, in percent-encoding, and
 * the last segment is the verb. People who write addresses by hand leave slashes and colons in a
 * name as they are, so everything before the verb is the name.
 */
final class BedrockPaths {
    static final String MODEL = "/model/";
    static final String CONVERSE = "/converse";
    static final String CONVERSE_STREAM = "/converse-stream";
    static final String COUNT_TOKENS = "/count-tokens";
    static final String MODELS = "/foundation-models";

    private BedrockPaths() {}

    /** The model in {@code rest}, which is a path behind {@link #MODEL}. */
    static String modelOf(String rest) {
        int verb = rest.lastIndexOf('/');
        String model = decoded(verb < 0 ? rest : rest.substring(0, verb));
        if (model.isEmpty()) {
            throw Failure.invalid("modelId", "modelId is required, in the path").asException();
        }
        return model;
    }

    /** Whether {@code rest} asks for a stream. */
    static boolean isStreamed(String rest) {
        return rest.endsWith(CONVERSE_STREAM);
    }

    /** The path of {@code verb} for {@code model}. */
    static String of(String model, String verb) {
        return MODEL + encoded(model) + verb;
    }

    private static String decoded(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                int high =
                        i + 2 < segment.length() ? Character.digit(segment.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(segment.charAt(i + 2), 16);
                if (low < 0) {
                    throw malformed();
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                bytes.write(c);
            } else {
                throw malformed();
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed();
        }
    }

    private static RuntimeException malformed() {
        return Failure.invalid("modelId", "modelId: expected a name in percent-encoding")
                .asException();
    }

    /** A segment that nobody takes apart; dots alone would lead to another place. */
    private static String encoded(String model) {
        boolean dots = model.equals(".") || model.equals("..");
        StringBuilder out = new StringBuilder(model.length() + 16);
        for (byte b : model.getBytes(StandardCharsets.UTF_8)) {
            if (SigV4.isUnreserved(b) && !dots) {
                out.append((char) b);
            } else {
                SigV4.escape(b, out);
            }
        }
        return out.toString();
    }
}
