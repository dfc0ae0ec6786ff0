package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class TokenBudgetTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static StreamConfig config(TokenBudget budget) {
        return StreamConfig.builder().tokenBudget(budget).retries(0).build();
    }

    @Test
    void reservesAtTheStartAndSettlesAtTheEnd() {
        TokenBudget budget = TokenBudget.of(1000);
        try (Local local = Local.saying(Told.message("a", "b", "c"));
                TokenStream stream = local.ask(config(budget))) {
            assertThat(budget.remaining()).isLessThanOrEqualTo(1000 - 10);
            assertThat(stream.text()).isEqualTo("abc");
            Eventually.within(SOON, () -> budget.remaining() == 1000 - 7 - 3);
        }
    }

    @Test
    void cutsAModelThatGoesBeyondWhatIsLeft() {
        TokenBudget budget = TokenBudget.of(50);
        try (Local local = Local.endless();
                TokenStream stream = local.ask(config(budget))) {
            SluiceException.RateLimit cut =
                    catchThrowableOfType(SluiceException.RateLimit.class, stream::text);
            assertThat(cut).hasMessageContaining("budget of 50 tokens");
            assertThat(cut.usage().output()).isBetween(20L, 50L);
            assertThat(cut.partialText()).startsWith("t0 t1 ");
            assertThat(local.model().calls().getFirst().request().maxOutput()).isLessThan(50);
            Eventually.within(SOON, () -> local.model().running() == 0);
        }
        assertThatThrownBy(
                        () -> {
                            try (Local local = Local.endless()) {
                                local.ask(config(budget));
                            }
                        })
                .isInstanceOf(SluiceException.RateLimit.class)
                .hasMessageContaining("used up");
    }

    @Test
    void takesNothingForARefusal() {
        TokenBudget budget = TokenBudget.of(1000);
        try (Remote remote = Remote.of(Script.status(400));
                TokenStream stream = remote.chat(config(budget))) {
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.BadRequest.class);
            Eventually.within(SOON, () -> budget.remaining() == 1000);
        }
        try (SluiceClient client = Sluice.builder().build()) {
            assertThatThrownBy(() -> client.stream("nobody/m", Prompt.of("Hi."), config(budget)))
                    .isInstanceOf(SluiceException.BadRequest.class);
            assertThat(budget.remaining()).isEqualTo(1000);
        }
    }

    @Test
    void takesWhatCameOfAStreamThatWasCancelledOrFailed() {
        TokenBudget budget = TokenBudget.of(1000);
        try (Local local = Local.saying(Told.failing(FailureCode.UPSTREAM_ERROR, "a", "b"));
                TokenStream stream = local.ask(config(budget))) {
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Generation.class);
            Eventually.within(SOON, () -> budget.remaining() == 1000 - 7 - 2);
        }
        try (Local local = Local.saying(Told.cut("a", "b", "c"))) {
            TokenStream stream = local.ask(config(budget));
            Eventually.within(SOON, () -> stream.metrics().tokens() == 3);
            stream.close();
            Eventually.within(SOON, () -> budget.remaining() == 1000 - 7 - 2 - 7 - 3);
        }
    }

    @Test
    void refusesToBeNothing() {
        assertThatThrownBy(() -> TokenBudget.of(0)).hasMessage("tokens: 0 (expected: > 0)");
    }
}
