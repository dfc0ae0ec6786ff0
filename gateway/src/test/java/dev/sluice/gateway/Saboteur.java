package dev.sluice.gateway;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Throws in one method of one of the gateway's parts, at one of its calls: an accident, as a fault
 * in our own code would be. Parts are interfaces; what a part gives back is watched too, so that
 * `EventDecoder.onFrame` is found below `Dialect.decoder`.
 */
final class Saboteur {
    private static final Set<String> PARTS =
            Set.of(
                    "Dialect",
                    "Provider",
                    "Stream",
                    "EventDecoder",
                    "EventEncoder",
                    "FrameDecoder",
                    "Tap",
                    "ExchangeListener");

    private final String where;
    private final int first;
    private final int last;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean armed = true;
    private Supplier<? extends Throwable> accident = Sabotage::new;

    private Saboteur(String where, int first, int last) {
        this.where = where;
        this.first = first;
        this.last = last;
    }

    /** Throws at the n-th call, counted from 1, of a method such as {@code Tap.onFrame}. */
    static Saboteur at(String where, int call) {
        return new Saboteur(where, call, call);
    }

    /** Throws at the n-th call and at all that follow. */
    static Saboteur from(String where, int call) {
        return new Saboteur(where, call, Integer.MAX_VALUE);
    }

    /** Throws nothing at all. */
    static Saboteur nowhere() {
        return new Saboteur("", 1, 0);
    }

    /** What is thrown. */
    static final class Sabotage extends RuntimeException {
        Sabotage() {
            super("sabotage");
        }
    }

    /** Throws something else than a {@link Sabotage}. */
    Saboteur throwing(Supplier<? extends Throwable> other) {
        accident = other;
        return this;
    }

    /** Throws no more. */
    void relent() {
        armed = false;
    }

    /** Whether it has thrown. */
    boolean hasStruck() {
        return calls.get() >= first;
    }

    /** The same part, but for the accident. */
    <T> T watch(Class<T> part, T original) {
        InvocationHandler handler =
                (_, method, arguments) -> invoke(part, original, method, arguments);
        return part.cast(
                Proxy.newProxyInstance(part.getClassLoader(), new Class<?>[] {part}, handler));
    }

    private Object invoke(Class<?> part, Object original, Method method, Object[] arguments)
            throws Throwable {
        String name = part.getSimpleName() + "." + method.getName();
        if (armed && name.equals(where)) {
            int call = calls.incrementAndGet();
            if (call >= first && call <= last) {
                throw accident.get();
            }
        }
        try {
            return watched(method.getReturnType(), method.invoke(original, arguments));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object watched(Class<?> type, Object result) {
        if (PARTS.contains(type.getSimpleName())) {
            return watchAny(type, result);
        }
        if (result instanceof Optional<?> optional && optional.isPresent()) {
            Object inside = optional.get();
            for (Class<?> each : inside.getClass().getInterfaces()) {
                if (PARTS.contains(each.getSimpleName())
                        && !Proxy.isProxyClass(inside.getClass())) {
                    return Optional.of(watchAny(each, inside));
                }
            }
        }
        return result;
    }

    private <T> Object watchAny(Class<T> type, Object original) {
        return watch(type, type.cast(original));
    }
}
