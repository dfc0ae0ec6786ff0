package dev.sluice.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.llama.binding.Libllama.Calls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.Map;
import java.util.Optional;

/**
 * Draws the tokens of one answer. Belongs to the thread that owns the context.
 *
 * <p>With a grammar a token is drawn as without one and then looked at; only if the grammar forbids
 * it, all tokens are looked at. So a grammar costs little as long as the model follows it by
 * itself. A token is given to the grammar only after the grammar allowed it: libllama throws at a
 * token that it does not expect, and that would end the process.
 */
@SuppressWarnings("restricted") // This package is the border to native code.
public final class Sampler implements AutoCloseable {
    /**
     * How tokens are drawn.
     *
     * @param temperature 0 means always the likeliest
     * @param topK of how many likeliest tokens; 0 means of all
     * @param repetitionPenalty 1 means none
     * @param bias what is added to the logits of tokens
     * @param grammar a GBNF grammar whose start is {@code root}; empty means any text
     */
    public record Settings(
            float temperature,
            int topK,
            float topP,
            float minP,
            float repetitionPenalty,
            float frequencyPenalty,
            float presencePenalty,
            int seed,
            Map<Integer, Float> bias,
            String grammar) {
        /** Copies the map. */
        public Settings {
            bias = Map.copyOf(bias);
        }
    }

    /** How many of the last tokens penalties look at. */
    private static final int PENALIZED = 4096;

    private static final int CANDIDATE = 12;
    private static final StructLayout CHAIN =
            java.lang.foreign.MemoryLayout.structLayout(java.lang.foreign.ValueLayout.JAVA_BOOLEAN);

    private final Context context;
    private final Calls calls;
    private final MemorySegment chain;
    private final Optional<MemorySegment> grammar;
    private final Arena arena = Arena.ofConfined();

    /** Room for a candidate of each token, and the struct that describes it. */
    private final MemorySegment candidates;

    private final MemorySegment array;

    private Sampler(Context context, Settings settings, Optional<MemorySegment> grammar) {
        this.context = context;
        this.calls = context.model().library().calls();
        this.grammar = grammar;
        this.candidates =
                arena.allocate(
                        grammar.isPresent()
                                ? (long) CANDIDATE * context.model().vocabulary().size()
                                : CANDIDATE,
                        8);
        this.array = arena.allocate(32, 8);
        this.chain = chain(settings);
    }

    /** A sampler for an answer in {@code context}; empty if its grammar is none. */
    public static Optional<Sampler> of(Context context, Settings settings) {
        if (settings.grammar().isEmpty()) {
            return Optional.of(new Sampler(context, settings, Optional.empty()));
        }
        Calls calls = context.model().library().calls();
        try (Arena arena = Arena.ofConfined()) {
            return Calls.notNull(
                            (MemorySegment)
                                    calls.grammar.invokeExact(
                                            context.model().vocabulary().pointer(),
                                            arena.allocateFrom(settings.grammar()),
                                            arena.allocateFrom("root")))
                    .map(made -> new Sampler(context, settings, Optional.of(made)));
        } catch (Throwable accident) {
            throw Calls.accident("llama_sampler_init_grammar", accident);
        }
    }

    private MemorySegment chain(Settings settings) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment params = scratch.allocate(CHAIN);
            params.set(JAVA_BYTE, 0, (byte) 1);
            MemorySegment made =
                    Calls.notNull((MemorySegment) calls.chainNew.invokeExact(params))
                            .orElseThrow(OutOfMemoryError::new);
            if (!settings.bias().isEmpty()) {
                add(made, bias(settings.bias(), scratch));
            }
            if (isPenalizing(settings)) {
                add(
                        made,
                        (MemorySegment)
                                calls.penalties.invokeExact(
                                        context.model().vocabulary().size(),
                                        PENALIZED,
                                        settings.repetitionPenalty(),
                                        settings.frequencyPenalty(),
                                        settings.presencePenalty()));
            }
            if (settings.temperature() <= 0) {
                add(made, (MemorySegment) calls.greedy.invokeExact());
                return made;
            }
            if (settings.topK() > 0) {
                add(made, (MemorySegment) calls.topK.invokeExact(settings.topK()));
            }
            if (settings.topP() < 1) {
                add(made, (MemorySegment) calls.topP.invokeExact(settings.topP(), 1L));
            }
            if (settings.minP() > 0) {
                add(made, (MemorySegment) calls.minP.invokeExact(settings.minP(), 1L));
            }
            add(made, (MemorySegment) calls.temperature.invokeExact(settings.temperature()));
            add(made, (MemorySegment) calls.dist.invokeExact(settings.seed()));
            return made;
        } catch (Throwable accident) {
            throw Calls.accident("llama_sampler_chain_init", accident);
        }
    }

    private MemorySegment bias(Map<Integer, Float> bias, Arena scratch) throws Throwable {
        int size = context.model().vocabulary().size();
        MemorySegment pairs = scratch.allocate(8L * bias.size(), 4);
        int count = 0;
        for (Map.Entry<Integer, Float> entry : bias.entrySet()) {
            if (entry.getKey() >= 0 && entry.getKey() < size) {
                pairs.set(JAVA_INT, 8L * count, entry.getKey());
                pairs.set(JAVA_FLOAT, 8L * count + 4, entry.getValue());
                count++;
            }
        }
        return (MemorySegment) calls.bias.invokeExact(size, count, pairs);
    }

    private static boolean isPenalizing(Settings settings) {
        return settings.repetitionPenalty() != 1
                || settings.frequencyPenalty() != 0
                || settings.presencePenalty() != 0;
    }

    private void add(MemorySegment to, MemorySegment sampler) throws Throwable {
        MemorySegment made = Calls.notNull(sampler).orElseThrow(OutOfMemoryError::new);
        calls.chainAdd.invokeExact(to, made);
    }

    /**
     * Draws a token after the one at {@code index} of the last batch; {@link Vocabulary#NONE} if
     * the grammar allows none.
     */
    public int draw(int index) {
        try {
            return grammar.isEmpty()
                    ? (int) calls.sample.invokeExact(chain, context.pointer(), index)
                    : draw(index, grammar.get());
        } catch (Throwable accident) {
            throw Calls.accident("llama_sampler_sample", accident);
        }
    }

    private int draw(int index, MemorySegment rules) throws Throwable {
        MemorySegment logits = context.logits(index);
        fill(logits);
        int token = choose();
        if (!allows(rules, token)) {
            fill(logits);
            calls.apply.invokeExact(rules, array);
            token = choose();
            if (!allows(rules, token)) {
                return Vocabulary.NONE;
            }
        }
        calls.accept.invokeExact(rules, token);
        calls.accept.invokeExact(chain, token);
        return token;
    }

    /** Makes every token a candidate. */
    private void fill(MemorySegment logits) {
        int size = context.model().vocabulary().size();
        for (int token = 0; token < size; token++) {
            long at = (long) CANDIDATE * token;
            candidates.set(JAVA_INT, at, token);
            candidates.set(JAVA_FLOAT, at + 4, logits.getAtIndex(JAVA_FLOAT, token));
            candidates.set(JAVA_FLOAT, at + 8, 0);
        }
        describe(size);
    }

    private void describe(int size) {
        array.set(ADDRESS, 0, candidates);
        array.set(JAVA_LONG, 8, size);
        array.set(JAVA_LONG, 16, -1);
        array.set(JAVA_LONG, 24, 0);
    }

    /** Lets the chain choose among the candidates. */
    private int choose() throws Throwable {
        calls.apply.invokeExact(chain, array);
        long selected = array.get(JAVA_LONG, 16);
        long size = array.get(JAVA_LONG, 8);
        if (selected < 0 || selected >= size) {
            return Vocabulary.NONE;
        }
        return array.get(ADDRESS, 0)
                .reinterpret(size * CANDIDATE)
                .get(JAVA_INT, selected * CANDIDATE);
    }

    private boolean allows(MemorySegment rules, int token) throws Throwable {
        if (token == Vocabulary.NONE) {
            return false;
        }
        candidates.set(JAVA_INT, 0, token);
        candidates.set(JAVA_FLOAT, 4, 1);
        candidates.set(JAVA_FLOAT, 8, 0);
        describe(1);
        calls.apply.invokeExact(rules, array);
        return candidates.get(JAVA_FLOAT, 4) != Float.NEGATIVE_INFINITY;
    }

    @Override
    public void close() {
        try {
            calls.samplerFree.invokeExact(chain);
            if (grammar.isPresent()) {
                calls.samplerFree.invokeExact(grammar.get());
            }
        } catch (Throwable accident) {
            throw Calls.accident("llama_sampler_free", accident);
        }
        arena.close();
    }
}
