package dev.sluice.testkit.gguf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Small models of the architecture {@code llama}. Their vocabulary is the single bytes and some
 * pieces of text. The <em>story</em> says pieces one after the other, whatever it is told: it looks
 * at the last token alone, and each token leads to one other. The <em>chatter</em> has random
 * weights and looks at all that came before.
 */
public final class TestModel {
    /** Ends an answer. */
    public static final String END = "<|im_end|>";

    private static final String START = "<|im_start|>";
    private static final int FIRST_BYTE = 5;
    private static final int FIRST_PIECE = FIRST_BYTE + 256;
    private static final int HEAD = 64;
    private static final int FORWARD = 64;
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private final List<String> pieces;
    private final int context;
    private final String template;

    private TestModel(List<String> pieces, int context, String template) {
        this.pieces = pieces;
        this.context = context;
        this.template = template;
    }

    /**
     * Writes a model that answers {@code said}, each piece of which is one token.
     *
     * @param said pieces of text; no two are the same, and no two share a first character that is
     *     not ASCII
     * @param again the piece that follows the last one; -1 if the answer ends there
     * @param context tokens that it was made for
     */
    public static void story(Path file, List<String> said, int again, int context) {
        story(file, said, again, context, "");
    }

    /** The same with a chat template. */
    public static void story(
            Path file, List<String> said, int again, int context, String template) {
        TestModel model = new TestModel(said, context, template);
        int[] next = model.chain(said, again);
        int width = model.width();
        model.file("story", 1, width, (_, _) -> 0)
                .matrix(
                        "token_embd.weight",
                        width,
                        model.size(),
                        i -> i / width == i % width ? 1 : 0)
                .matrix(
                        "output.weight",
                        width,
                        model.size(),
                        i -> i % width < next.length && next[i % width] == i / width ? 2 : 0)
                .write(file);
    }

    /** The number of the token that the piece {@code index} of a story is. */
    public static int token(int index) {
        return FIRST_PIECE + index;
    }

    /** Writes a model with random weights. */
    public static void chatter(Path file, long seed, int context) {
        chatter(file, seed, context, Map.of());
    }

    /** The same with some keys more. */
    public static void chatter(Path file, long seed, int context, Map<String, Object> keys) {
        TestModel model = new TestModel(List.of(), context, "");
        int width = model.width();
        Random random = new Random(seed);
        IntToDoubleFunction noise = _ -> random.nextGaussian() * 0.3;
        GgufFile gguf = model.file("chatter", 2, width, (_, _) -> random.nextGaussian() * 0.1);
        keys.forEach(gguf::key);
        gguf.matrix("token_embd.weight", width, model.size(), noise)
                .matrix("output.weight", width, model.size(), noise)
                .write(file);
    }

    /** Writes a model with random weights that is large enough to be measured: 8 million. */
    public static void large(Path file, long seed) {
        List<String> pieces =
                IntStream.range(0, 4096)
                        .mapToObj(i -> " " + Integer.toString(i, 36) + ".")
                        .toList();
        TestModel model = new TestModel(pieces, 4096, "");
        int width = 384;
        Random random = new Random(seed);
        IntToDoubleFunction noise = _ -> random.nextGaussian() * 0.1;
        model.file("large", 4, width, 1024, (_, _) -> random.nextGaussian() * 0.05)
                .matrix("token_embd.weight", width, model.size(), noise)
                .matrix("output.weight", width, model.size(), noise)
                .write(file);
    }

    /**
     * Writes a model of the architecture {@code bert} with random weights, which makes embeddings
     * and writes nothing. The vectors of its tokens are put together as their mean.
     */
    public static void embedder(Path file, long seed, int context) {
        TestModel model = new TestModel(List.of(), context, "");
        int width = model.width();
        Random random = new Random(seed);
        IntToDoubleFunction noise = _ -> random.nextGaussian() * 0.3;
        GgufFile gguf =
                new GgufFile()
                        .key("general.architecture", "bert")
                        .key("general.name", "embedder")
                        .key("bert.context_length", (long) context)
                        .key("bert.embedding_length", (long) width)
                        .key("bert.block_count", 1L)
                        .key("bert.feed_forward_length", (long) FORWARD)
                        .key("bert.attention.head_count", (long) width / HEAD)
                        .key("bert.attention.layer_norm_epsilon", 1e-5f)
                        .key("bert.attention.causal", false)
                        .key("bert.pooling_type", 1L)
                        .key("tokenizer.ggml.token_type_count", 1L);
        model.vocabulary(gguf);
        gguf.matrix("token_embd.weight", width, model.size(), noise)
                .matrix("position_embd.weight", width, context, noise)
                .matrix("token_types.weight", width, 1, noise);
        layerNorm(gguf, "token_embd_norm", width);
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            layer(gguf, name, width, width, noise);
        }
        layerNorm(gguf, "blk.0.attn_output_norm", width);
        layer(gguf, "ffn_up", width, FORWARD, noise);
        layer(gguf, "ffn_down", FORWARD, width, noise);
        layerNorm(gguf, "blk.0.layer_output_norm", width);
        gguf.write(file);
    }

    private static void layer(
            GgufFile gguf, String name, int from, int to, IntToDoubleFunction noise) {
        gguf.matrix("blk.0." + name + ".weight", from, to, noise)
                .vector("blk.0." + name + ".bias", to, noise);
    }

    private static void layerNorm(GgufFile gguf, String name, int width) {
        gguf.vector(name + ".weight", width, _ -> 1).vector(name + ".bias", width, _ -> 0);
    }

    private int size() {
        return FIRST_PIECE + pieces.size();
    }

    private int width() {
        return Math.ceilDiv(size(), HEAD) * HEAD;
    }

    /** The token that follows each token. Non-ASCII pieces are said byte by byte. */
    private int[] chain(List<String> said, int again) {
        List<Integer> tokens = new ArrayList<>();
        int loop = -1;
        for (int i = 0; i < said.size(); i++) {
            if (i == again) {
                loop = tokens.size();
            }
            byte[] bytes = said.get(i).getBytes(StandardCharsets.UTF_8);
            if (bytes.length == said.get(i).length()) {
                tokens.add(FIRST_PIECE + i);
            } else {
                for (byte b : bytes) {
                    tokens.add(FIRST_BYTE + (b & 0xff));
                }
            }
        }
        int[] next = new int[size()];
        java.util.Arrays.fill(next, tokens.getFirst());
        for (int i = 0; i + 1 < tokens.size(); i++) {
            next[tokens.get(i)] = tokens.get(i + 1);
        }
        next[tokens.getLast()] = loop < 0 ? 4 : tokens.get(loop);
        return next;
    }

    /** A weight of a matrix of a layer. */
    private interface Weight {
        double of(String name, int index);
    }

    private GgufFile file(String name, int layers, int width, Weight weight) {
        return file(name, layers, width, FORWARD, weight);
    }

    private GgufFile file(String name, int layers, int width, int forward, Weight weight) {
        GgufFile file =
                new GgufFile()
                        .key("general.architecture", "llama")
                        .key("general.name", name)
                        .key("llama.context_length", (long) context)
                        .key("llama.embedding_length", (long) width)
                        .key("llama.block_count", (long) layers)
                        .key("llama.feed_forward_length", (long) forward)
                        .key("llama.attention.head_count", (long) width / HEAD)
                        .key("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                        .key("llama.rope.dimension_count", (long) HEAD);
        vocabulary(file);
        if (!template.isEmpty()) {
            file.key("tokenizer.chat_template", template);
        }
        for (int layer = 0; layer < layers; layer++) {
            String block = "blk." + layer + ".";
            file.vector(block + "attn_norm.weight", width, _ -> 1);
            for (String matrix : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                file.matrix(block + matrix + ".weight", width, width, i -> weight.of(matrix, i));
            }
            file.vector(block + "ffn_norm.weight", width, _ -> 1);
            file.matrix(block + "ffn_gate.weight", width, forward, i -> weight.of("gate", i));
            file.matrix(block + "ffn_up.weight", width, forward, i -> weight.of("up", i));
            file.matrix(block + "ffn_down.weight", forward, width, i -> weight.of("down", i));
        }
        return file.vector("output_norm.weight", width, _ -> 1);
    }

    private void vocabulary(GgufFile file) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>", START, END));
        IntStream.range(0, 256).forEach(b -> tokens.add("<0x%02X>".formatted(b)));
        pieces.forEach(piece -> tokens.add(piece.replace(' ', '\u2581')));
        List<Integer> types =
                IntStream.range(0, tokens.size())
                        .mapToObj(
                                i ->
                                        i == 0
                                                ? UNKNOWN
                                                : i < FIRST_BYTE
                                                        ? CONTROL
                                                        : i < FIRST_PIECE ? BYTE : NORMAL)
                        .toList();
        file.key("tokenizer.ggml.model", "llama")
                .key("tokenizer.ggml.tokens", tokens)
                .key("tokenizer.ggml.scores", types.stream().map(_ -> 0f).toList())
                .key("tokenizer.ggml.token_type", types)
                .key("tokenizer.ggml.unknown_token_id", 0L)
                .key("tokenizer.ggml.bos_token_id", 1L)
                .key("tokenizer.ggml.eos_token_id", 4L)
                .key("tokenizer.ggml.add_bos_token", true)
                .key("tokenizer.ggml.add_space_prefix", false);
    }
}
