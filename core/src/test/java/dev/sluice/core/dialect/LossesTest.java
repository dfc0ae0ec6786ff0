package dev.sluice.core.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LossesTest {
    private final Losses losses = new Losses();

    @Test
    @Tag("R45")
    void areToldOnceInTheirOrder() {
        losses.add("logprobs");
        losses.add("signature");
        losses.add("logprobs");
        assertThat(losses.warnings()).containsExactly("dropped=logprobs", "dropped=signature");
    }

    @Test
    @Tag("S7")
    void areFitForAHeaderFieldWhateverAnUpstreamCallsThem() {
        losses.add("a\r\nset-cookie: b");
        losses.add("x".repeat(1000));
        assertThat(losses.warnings())
                .containsExactly("dropped=a??set-cookie??b", "dropped=" + "x".repeat(64));
    }

    @Test
    void areBoundedHoweverManyNamesAnUpstreamMakesUp() {
        for (int i = 0; i < 1000; i++) {
            losses.add("name" + i);
        }
        assertThat(losses.warnings()).hasSize(16).contains("dropped=name0");
    }
}
