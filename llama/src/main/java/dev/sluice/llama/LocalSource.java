package dev.sluice.llama;

import dev.sluice.core.failure.FailureException;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderSource;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Models that are asked for by their files, with no settings of their own: {@code
 * local/sluice-demo} of the folder that {@code SLUICE_MODELS} names, {@code local/path/to/x.gguf}
 * anywhere. One is read when it is first asked for, which its first stream waits for, and shared
 * with all others in the process who ask for it.
 */
public final class LocalSource implements ProviderSource {
    private final Map<String, ModelSettings> found = new ConcurrentHashMap<>();
    private boolean closed;

    /** For the service loader. */
    public LocalSource() {}

    @Override
    public String name() {
        return LlamaProvider.NAME;
    }

    @Override
    public Provider provider(Map<String, String> environment, Executor loop) {
        ModelFiles files = new ModelFiles(environment);
        return new LlamaProvider(
                name -> model(name, files),
                new Mailbox(loop, SharedModels.OF_PROCESS::isEnding),
                LlamaProvider::prompt);
    }

    private LocalModel model(String name, ModelFiles files) {
        ModelSettings settings = found.computeIfAbsent(name, files::find);
        try {
            return take(settings).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof FailureException refused) {
                throw refused.failure().asException();
            }
            throw failed;
        }
    }

    private synchronized CompletableFuture<LocalModel> take(ModelSettings settings) {
        if (closed) {
            throw SharedModels.closed();
        }
        return SharedModels.OF_PROCESS.take(settings, this);
    }

    /** Gives its models up, those that nobody else has asked for for good. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        SharedModels.OF_PROCESS.giveUp(this);
    }
}
