package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.llama.binding.LibraryUnusable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Models that several share: each is read once, whoever asks for it, and put away when the last of
 * them gives it up, or at the end of the process, so that it does not end while libllama computes.
 */
final class SharedModels {
    /** Those of this process. */
    static final SharedModels OF_PROCESS = new SharedModels();

    private static final System.Logger LOG = System.getLogger(SharedModels.class.getName());

    private final TextModels reading = new TextModels();
    private final Map<ModelSettings, Shared> models = new HashMap<>();
    private boolean hooked;
    private volatile boolean ending;

    /** A model, and who has asked for it. */
    private static final class Shared {
        private final CompletableFuture<LocalModel> promise = new CompletableFuture<>();
        private final Set<LocalSource> holders = new HashSet<>();
        private @Nullable LocalModel model;
    }

    /**
     * The model that {@code settings} name, once it is read; it is there until {@code holder} gives
     * it up. What stands in the way of it is a {@link FailureException}.
     */
    synchronized CompletableFuture<LocalModel> take(ModelSettings settings, LocalSource holder) {
        Shared known = models.get(settings);
        if (known == null) {
            Shared asked = new Shared();
            models.put(settings, asked);
            // libllama computes for a while, which would take a virtual thread's carrier from all.
            Thread.ofPlatform()
                    .daemon()
                    .name(settings.name() + " loader")
                    .start(() -> read(settings, asked));
            known = asked;
        }
        known.holders.add(holder);
        return known.promise;
    }

    private void read(ModelSettings settings, Shared asked) {
        try {
            putAwayAtTheEnd();
            LocalModel model = reading.load(settings, _ -> {});
            if (isStillWanted(settings, asked, model)) {
                asked.promise.complete(model);
            } else {
                model.close();
                asked.promise.completeExceptionally(closed());
            }
        } catch (LibraryUnusable unusable) {
            forget(settings, asked);
            asked.promise.completeExceptionally(unusable(unusable));
        } catch (RuntimeException | Error accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot read a model", accident);
            forget(settings, asked);
            asked.promise.completeExceptionally(
                    Failure.of(
                                    FailureCode.INTERNAL,
                                    "an accident while the model "
                                            + settings.file()
                                            + " was read; the log says which")
                            .asException());
        }
    }

    private synchronized boolean isStillWanted(
            ModelSettings settings, Shared asked, LocalModel model) {
        asked.model = model;
        return asked == models.get(settings);
    }

    /** The next who asks has it read again. */
    private synchronized void forget(ModelSettings settings, Shared asked) {
        models.remove(settings, asked);
    }

    /** What is wrong, for who asks: another attempt would find the same. */
    static FailureException unusable(LibraryUnusable unusable) {
        return Failure.of(FailureCode.INTERNAL, String.valueOf(unusable.getMessage()))
                .asException();
    }

    /** Nobody is there any more who could hear an answer. */
    static FailureException closed() {
        return Failure.of(FailureCode.CANCELLED, "the client that asks was closed").asException();
    }

    /** Gives up all that {@code holder} has asked for. */
    void giveUp(LocalSource holder) {
        unused(holder).forEach(LocalModel::close);
    }

    private synchronized List<LocalModel> unused(LocalSource holder) {
        List<LocalModel> unused = new ArrayList<>();
        models.values()
                .removeIf(
                        shared -> {
                            boolean last =
                                    shared.holders.remove(holder) && shared.holders.isEmpty();
                            if (last && shared.model != null) {
                                unused.add(shared.model);
                            }
                            return last;
                        });
        return unused;
    }

    private synchronized void putAwayAtTheEnd() {
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::end, "models"));
            hooked = true;
        }
    }

    private void end() {
        ending = true;
        all().forEach(LocalModel::close);
    }

    /**
     * Whether the process ends. Then streams fall silent: that their models are put away is no news
     * for the terminal of a program that somebody has just stopped.
     */
    boolean isEnding() {
        return ending;
    }

    /** All that are there; there are none any more. */
    private synchronized List<LocalModel> all() {
        List<LocalModel> all = new ArrayList<>();
        for (Shared shared : models.values()) {
            if (shared.model != null) {
                all.add(shared.model);
            }
        }
        models.clear();
        return all;
    }
}
