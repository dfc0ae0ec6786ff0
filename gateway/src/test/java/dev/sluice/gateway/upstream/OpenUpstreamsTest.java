package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.dialect.Dialects;
import dev.sluice.gateway.config.Protocol;
import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.gateway.exchange.Timeouts;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@Tag("R23")
class OpenUpstreamsTest {
    private final List<String> told = new ArrayList<>();
    private final OpenUpstreams upstreams = new OpenUpstreams(Named::new);

    private final class Named implements Provider {
        private final UpstreamPlan plan;

        Named(UpstreamPlan plan) {
            this.plan = plan;
            told.add("opens " + plan.name());
        }

        @Override
        public String name() {
            return plan.name();
        }

        @Override
        public Optional<Dialect> dialect() {
            return Optional.of(plan.dialect());
        }

        @Override
        public Quirks quirks() {
            return plan.quirks();
        }

        @Override
        public Stream open(ProviderCall call, Receiver receiver) {
            throw new AssertionError("nobody is asked");
        }

        @Override
        public void retire() {
            told.add("retires " + plan.name());
        }
    }

    private static UpstreamPlan plan(String name, String key) {
        Dialect dialect = Dialects.all().getFirst();
        return new UpstreamPlan(
                name,
                dialect,
                Quirks.vendor(dialect.name()),
                URI.create("http://127.0.0.1:1"),
                dialect.credentials(key),
                Timeouts.DEFAULT,
                100,
                0,
                10,
                Protocol.AUTO,
                UpstreamTls.DEFAULT,
                Optional.empty());
    }

    @Test
    void opensEachOnceAndAnotherInItsPlace() {
        Provider first = upstreams.provider(plan("a", "one"));

        assertThat(upstreams.provider(plan("a", "one"))).isSameAs(first);
        assertThat(upstreams.provider(plan("a", "two"))).isNotSameAs(first);
        assertThat(told).containsExactly("opens a", "opens a", "retires a");
    }

    @Test
    void retiresWhatIsNotKeptAndOpensItAnewWhenItIsBack() {
        Provider kept = upstreams.provider(plan("a", "one"));
        upstreams.provider(plan("b", "one"));
        upstreams.provider(plan("c", "one"));
        upstreams.keepOnly(List.of(plan("a", "one"), plan("b", "two")));

        assertThat(upstreams.provider(plan("a", "one"))).isSameAs(kept);
        upstreams.provider(plan("c", "one"));
        assertThat(told)
                .startsWith("opens a", "opens b", "opens c")
                .contains("retires b", "retires c")
                .endsWith("opens c")
                .hasSize(6);
    }
}
