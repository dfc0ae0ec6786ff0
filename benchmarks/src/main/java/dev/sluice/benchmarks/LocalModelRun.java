package dev.sluice.benchmarks;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.Raw;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.llama.LlamaProvider;
import dev.sluice.llama.LocalModel;
import dev.sluice.llama.ModelSettings;
import dev.sluice.llama.TextModels;
import dev.sluice.testkit.gguf.TestModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Some answers of a local model at once, from request to event on an event loop, measured as {@code
 * benchmarks/llama/baseline.c} measures its plain loop: LIBDIR MODEL STREAMS TOKENS THREADS RUNS.
 * The first line is what a process that has just started does, the others what it does later.
 * {@code --write FILE} writes a model.
 */
public final class LocalModelRun {
    private static final int ROOM = 1024;

    /** Tokens until all is compiled that is worth it, as in a gateway after some answers. */
    private static final int WARM = 4000;

    /** The tokens that end an answer in the model that is written; they are not to be drawn. */
    private static final Raw NO_END = Raw.of("{\"2\":-1000000000,\"4\":-1000000000}");

    private LocalModelRun() {}

    /** Runs, whose figures are printed as a line of JSON each. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[0].equals("--write")) {
            TestModel.large(Path.of(args[1]), 1);
            return;
        }
        int streams = Integer.parseInt(args[2]);
        int tokens = Integer.parseInt(args[3]);
        int threads = Integer.parseInt(args[4]);
        int runs = Integer.parseInt(args[5]);
        ModelSettings settings =
                new ModelSettings(
                        "bench",
                        Path.of(args[1]),
                        ROOM,
                        streams,
                        0,
                        512,
                        -1,
                        threads,
                        threads,
                        ModelSettings.Isolation.NONE,
                        Optional.of(Path.of(args[0])));
        try (ExecutorService loop = Executors.newSingleThreadExecutor();
                LocalModel model = new TextModels().load(settings, _ -> {})) {
            LlamaProvider provider = new LlamaProvider(Map.of("bench", model), loop);
            int number = 0;
            System.out.println(run(provider, loop, number++, streams, tokens));
            while (number * streams * tokens < WARM) {
                run(provider, loop, number++, streams, tokens);
            }
            for (int last = number + runs; number < last; number++) {
                System.out.println(run(provider, loop, number, streams, tokens));
            }
        }
    }

    private static String run(
            LlamaProvider provider, ExecutorService loop, int number, int streams, int tokens)
            throws InterruptedException, IOException {
        CountDownLatch left = new CountDownLatch(streams);
        Counting[] all = new Counting[streams];
        long begun = System.nanoTime();
        loop.execute(
                () -> {
                    for (int i = 0; i < streams; i++) {
                        all[i] = new Counting(left, begun);
                        provider.open(call(number * streams + i, i, tokens), all[i]);
                    }
                });
        left.await();
        double seconds = (System.nanoTime() - begun) / 1e9;
        long written = 0;
        double first = 0;
        for (Counting one : all) {
            written += one.written;
            first += one.firstNanos / 1e6 / streams;
        }
        return "{\"tokens_per_second\":%.1f,\"first_ms\":%.2f,\"resident_mb\":%.1f}"
                .formatted(written / seconds, first, resident() / 1024.0);
    }

    private static ProviderCall call(int number, int seed, int tokens) {
        Request.Builder request = Request.builder("benchmark");
        // The number comes first, so that little of the prompt is known from the run before.
        request.messages.add(
                Message.of(Role.USER, number + " is the stream that asks what is possible."));
        request.sampling =
                new Sampling(
                        null, null, null, null, null, null, null, seed + 1L, null, null, NO_END,
                        List.of());
        request.maxOutput = (long) tokens;
        return new ProviderCall(
                Operation.GENERATE,
                request.build(),
                EncodedRequest.of(new byte[0]),
                new Target("bench", Quirks.vendor("local"), 0, true),
                Duration.ofSeconds(10),
                "exchange-" + number);
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    /** Counts the tokens that the model reports at its end. */
    private static final class Counting implements Receiver {
        private final CountDownLatch left;
        private final long begun;
        private long firstNanos;
        private long written;

        Counting(CountDownLatch left, long begun) {
            this.left = left;
            this.begun = begun;
        }

        @Override
        public void onConnected() {}

        @Override
        public void onHead(Head head) {}

        @Override
        public void onBytes(byte[] bytes, int offset, int length) {}

        @Override
        public void onEnd() {}

        @Override
        public void onEvent(Event event) {
            if (event instanceof Event.Delta && firstNanos == 0) {
                firstNanos = System.nanoTime() - begun;
            } else if (event instanceof Event.MessageDelta delta) {
                written = delta.usage().output();
            } else if (event instanceof Event.MessageStop) {
                left.countDown();
            }
        }

        @Override
        public void onFailure(Failure failure) {
            throw failure.asException();
        }
    }
}
