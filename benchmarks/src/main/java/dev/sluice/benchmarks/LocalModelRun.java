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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Some answers of a local model at once, from request to event on an event loop, measured as {@code
 * benchmarks/llama/baseline.c} measures its plain loop: LIBDIR MODEL STREAMS TOKENS THREADS. The
 * first line is what a process that has just started does; then a run and a line follow for each
 * line of its input. With {@code --late LENGTH} behind these, another comes with a prompt of that
 * length while they write. {@code --write FILE} writes a model.
 */
public final class LocalModelRun {
    private static final int ROOM = 1024;

    /** Tokens until all is compiled that is worth it, as in a gateway after some answers. */
    private static final int WARM = 16_000;

    /** The tokens that end an answer in the model that is written; they are not to be drawn. */
    private static final Raw NO_END = Raw.of("{\"2\":-1000000000,\"4\":-1000000000}");

    private final LlamaProvider provider;
    private final ExecutorService loop;
    private final int streams;
    private final int tokens;
    private final int late;
    private int number;

    private LocalModelRun(
            LlamaProvider provider, ExecutorService loop, int streams, int tokens, int late) {
        this.provider = provider;
        this.loop = loop;
        this.streams = streams;
        this.tokens = tokens;
        this.late = late;
    }

    /** Runs, whose figures are printed as a line of JSON each. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[0].equals("--write")) {
            TestModel.large(Path.of(args[1]), 1);
            return;
        }
        int streams = Integer.parseInt(args[2]);
        int tokens = Integer.parseInt(args[3]);
        int threads = Integer.parseInt(args[4]);
        int late = args.length > 6 && args[5].equals("--late") ? Integer.parseInt(args[6]) : 0;
        ModelSettings settings =
                new ModelSettings(
                        "bench",
                        Path.of(args[1]),
                        ROOM + late,
                        streams + (late > 0 ? 1 : 0),
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
            LocalModelRun run = new LocalModelRun(provider, loop, streams, tokens, late);
            String cold = run.next();
            while (run.number * streams * tokens < WARM) {
                run.next();
            }
            System.out.println(cold);
            BufferedReader asked =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (asked.readLine() != null) {
                System.out.println(run.next());
            }
        }
    }

    /** Makes a run and tells its figures. */
    private String next() throws InterruptedException, IOException {
        CountDownLatch left = new CountDownLatch(streams);
        Counting[] all = new Counting[streams];
        CountDownLatch lateLeft = new CountDownLatch(1);
        Counting newcomer = new Counting(lateLeft, 1, () -> {});
        Runnable comes = () -> open(newcomer, "x".repeat(late), streams, 1);
        for (int i = 0; i < streams; i++) {
            Runnable middle = i == 0 && late > 0 ? comes : () -> {};
            all[i] = new Counting(left, tokens, middle);
        }
        long begun = System.nanoTime();
        loop.execute(
                () -> {
                    for (int i = 0; i < streams; i++) {
                        open(all[i], " is the stream that asks what is possible.", i, tokens);
                    }
                });
        left.await();
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (late > 0) {
            lateLeft.await();
        }
        number++;
        long[] gaps = gaps(all);
        return "{\"tokens_per_second\":%.1f,\"first_ms\":%.2f,\"last_first_ms\":%.2f,\"gap_ms\":%.3f,\"gap_most_ms\":%.3f,\"late_first_ms\":%.2f,\"resident_mb\":%.1f}"
                .formatted(
                        Arrays.stream(all).mapToLong(one -> one.written).sum() / seconds,
                        Arrays.stream(all).mapToLong(Counting::first).average().orElse(0) / 1e6,
                        Arrays.stream(all).mapToLong(Counting::first).max().orElse(0) / 1e6,
                        gaps[gaps.length / 2] / 1e6,
                        gaps[gaps.length - 1] / 1e6,
                        newcomer.first() / 1e6,
                        resident() / 1024.0);
    }

    /** The times between the tokens of each, in ascending order. */
    private static long[] gaps(Counting[] all) {
        return Arrays.stream(all)
                .flatMapToLong(one -> Arrays.stream(one.gaps, 0, one.deltas - 1))
                .sorted()
                .toArray();
    }

    /** Asks for an answer. On the loop. */
    private void open(Counting counting, String text, int place, int most) {
        counting.begun = System.nanoTime();
        counting.before = counting.begun;
        provider.open(call(number * (streams + 1) + place, text, place, most), counting);
    }

    private static ProviderCall call(int number, String text, int seed, int tokens) {
        Request.Builder request = Request.builder("benchmark");
        // The number comes first, so that little of the prompt is known from the run before.
        request.messages.add(Message.of(Role.USER, number + text));
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

    /** Counts the tokens that the model reports at its end, and the time between them. */
    private static final class Counting implements Receiver {
        private final CountDownLatch left;
        private final Runnable middle;
        private final int half;
        private long[] gaps = new long[64];
        private long begun;
        private long before;
        private int deltas;
        private long first;
        private long written;

        /** {@code middle} is run when half of its tokens are there. */
        Counting(CountDownLatch left, int tokens, Runnable middle) {
            this.left = left;
            this.middle = middle;
            this.half = tokens / 2;
        }

        /** Nanoseconds until its first text. */
        long first() {
            return first;
        }

        private void took(long now) {
            if (deltas == 0) {
                first = now - begun;
            } else {
                gaps = deltas > gaps.length ? Arrays.copyOf(gaps, 2 * gaps.length) : gaps;
                gaps[deltas - 1] = now - before;
            }
            before = now;
            deltas++;
            if (deltas == half) {
                middle.run();
            }
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
            if (event instanceof Event.Delta) {
                took(System.nanoTime());
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
