package dev.sluice.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Seals that travel through clients of another dialect. */
class SealTest {
    @Test
    @Tag("R46")
    void comesBackAsItWas() {
        String marked = Seal.mark("openai-responses", "gAAA:b/c+d==");
        assertThat(Seal.isMarked(marked)).isTrue();
        assertThat(Seal.unmark("openai-responses", marked)).contains("gAAA:b/c+d==");
    }

    @Test
    @Tag("R47")
    void isHandedToNoOtherVendor() {
        assertThat(Seal.unmark("anthropic", Seal.mark("openai-responses", "x"))).isEmpty();
        assertThat(Seal.unmark("anthropic", "x")).isEmpty();
    }

    @Test
    void isMarkedOnce() {
        String marked = Seal.mark("a", "x");
        assertThat(Seal.mark("b", marked)).isEqualTo(marked);
        assertThat(Seal.mark("a", "")).isEmpty();
    }
}
