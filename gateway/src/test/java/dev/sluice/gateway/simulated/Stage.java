package dev.sluice.gateway.simulated;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.Raw;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Stream;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Tool;
import dev.sluice.gateway.exchange.ManualLoop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A loop, the simulated provider on it, and requests to put to it. */
final class Stage {
    final ManualLoop loop = new ManualLoop();
    final SimulatedProvider provider = new SimulatedProvider(loop);
    private int exchanges;

    /** Opens {@code model} with a request that asks nothing but a question. */
    Stream open(String model, Audience audience) {
        return open(model, request(_ -> {}), audience);
    }

    Stream open(String model, Request request, Audience audience) {
        return open(Operation.GENERATE, model, request, audience);
    }

    Stream open(Operation operation, String model, Request request, Audience audience) {
        Target target = new Target(model, provider.quirks(), 4096, true);
        return provider.open(
                new ProviderCall(
                        operation,
                        request,
                        EncodedRequest.of(new byte[0]),
                        target,
                        Duration.ofSeconds(1),
                        "exchange-" + exchanges++),
                audience);
    }

    /** Plays {@code model} to its end. */
    Audience play(String model) {
        return play(model, _ -> {});
    }

    /** Plays {@code model} to its end. */
    Audience play(String model, Consumer<Request.Builder> wishes) {
        Audience audience = new Audience(loop);
        open(model, request(wishes), audience);
        loop.finish();
        return audience;
    }

    static Request request(Consumer<Request.Builder> wishes) {
        Request.Builder request = Request.builder("test");
        request.model = "simulated/anything";
        request.messages.add(Message.of(Role.USER, "How is the weather?"));
        wishes.accept(request);
        return request.build();
    }

    static Tool function(String name, @Nullable String schema) {
        return new Tool.Function(name, null, schema == null ? null : Raw.of(schema), null, null);
    }

    static Sampling stopAt(String... sequences) {
        return new Sampling(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(sequences));
    }

    static Sampling seeded(long seed) {
        return new Sampling(
                null, null, null, null, null, null, null, seed, null, null, null, List.of());
    }

    static Block.ToolResult result(String id, String text, boolean isError) {
        return new Block.ToolResult(id, List.of(new Block.Text(text)), isError, null);
    }
}
