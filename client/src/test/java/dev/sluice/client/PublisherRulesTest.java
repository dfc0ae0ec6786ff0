package dev.sluice.client;

import dev.sluice.core.event.Event;
import dev.sluice.core.failure.FailureCode;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/**
 * The rules of Reactive Streams, held against a stream by the kit that they come with. Its tests
 * are written for another runner; here each of its methods is one dynamic test.
 */
class PublisherRulesTest {
    private static final long PATIENCE_MILLIS = 2000;
    private static final long QUIET_MILLIS = 50;

    /** Rules for which the kit has no test, and those for publishers of several subscribers. */
    private static final String NOT_OURS = "untested_.*|optional_spec111_.*";

    /** Publishers of as many tokens as a rule wants. */
    private static final class Rules extends FlowPublisherVerification<Token> {
        private final Local local = new Local();

        Rules() {
            super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS));
        }

        @Override
        public Flow.Publisher<Token> createFlowPublisher(long elements) {
            local.model().story("fake", () -> message(elements));
            return local.ask();
        }

        @Override
        public Flow.Publisher<Token> createFailedFlowPublisher() {
            local.model().story("fake", Told.failing(FailureCode.INVALID_REQUEST));
            return local.ask();
        }

        private static Iterator<Event> message(long tokens) {
            Iterator<Event> start = Told.start().iterator();
            Iterator<Event> end = Told.end(tokens).iterator();
            return new Iterator<>() {
                private long told;

                @Override
                public boolean hasNext() {
                    return end.hasNext();
                }

                @Override
                public Event next() {
                    if (start.hasNext()) {
                        return start.next();
                    }
                    return told++ < tokens ? Told.token("t") : end.next();
                }
            };
        }
    }

    @TestFactory
    @Tag("R24")
    Stream<DynamicTest> holds() {
        return Arrays.stream(FlowPublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .filter(rule -> !rule.getName().matches(NOT_OURS))
                .sorted(Comparator.comparing(Method::getName))
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> hold(rule)));
    }

    private static void hold(Method rule) throws Throwable {
        Rules rules = new Rules();
        try {
            rules.setUp();
            rule.invoke(rules);
        } catch (InvocationTargetException thrown) {
            Throwable cause = Objects.requireNonNull(thrown.getCause());
            if (cause instanceof SkipException skipped) {
                Assumptions.abort(String.valueOf(skipped.getMessage()));
            }
            throw cause;
        } finally {
            rules.local.close();
        }
    }
}
