package dev.sluice.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Headers;
import dev.sluice.gateway.exchange.ClientWatch;
import dev.sluice.gateway.exchange.ManualLoop;
import dev.sluice.testkit.LogCapture;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

class HttpTransportTest {
    private static final ClientWatch NOBODY =
            new ClientWatch() {
                @Override
                public void onDrained() {}

                @Override
                public void onClientGone() {}
            };

    /** What was called on the response. */
    private final List<String> called = new ArrayList<>();

    private static <T> T part(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** A response whose end is an accident. */
    private Object respond(Object self, Method method, Object[] arguments) {
        called.add(method.getName());
        if (method.getName().equals("end")) {
            throw new IllegalStateException("sabotage");
        }
        if (method.getReturnType() == boolean.class) {
            return false;
        }
        return method.getReturnType() == Future.class ? Future.succeededFuture() : self;
    }

    /** Otherwise its place among the open streams would never be given back. */
    @Test
    @Tag("R22")
    void isOverEvenWhenItsEndCannotBeWritten() {
        HttpServerResponse response = part(HttpServerResponse.class, this::respond);
        HttpServerRequest request =
                part(
                        HttpServerRequest.class,
                        (_, method, _) ->
                                method.getName().equals("response")
                                        ? response
                                        : HttpVersion.HTTP_2);
        ManualLoop loop = new ManualLoop();
        List<String> over = new ArrayList<>();
        HttpTransport transport = new HttpTransport(request, new TurnEnd(loop), 1024);
        transport.bind(NOBODY, () -> over.add("over"));
        try (LogCapture log = LogCapture.start()) {
            transport.startStream(200, Headers.NONE);
            transport.out().add("data: 1\n\n");
            transport.endStream();
            loop.settle();
            assertThat(log.text()).contains("sabotage");
        }
        assertThat(over).hasSize(1);
        assertThat(called).contains("reset");
    }
}
