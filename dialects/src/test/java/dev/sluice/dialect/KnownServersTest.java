package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;

import org.junit.jupiter.api.Test;

/** The table of servers and the list of dialects. */
class KnownServersTest {
    @Test
    void everyDialectHasAVendorAndAnUnknownServer() {
        for (Dialect dialect : Dialects.all()) {
            assertThat(KnownServers.names(dialect.name()))
                    .isNotEmpty()
                    .contains(KnownServers.COMPATIBLE);
            Quirks vendor =
                    KnownServers.find(dialect.name(), KnownServers.names(dialect.name()).getFirst())
                            .orElseThrow();
            assertThat(vendor.is(Quirk.STRICT_FRAMES)).isTrue();
            assertThat(KnownServers.compatible(dialect.name()).is(Quirk.STRICT_FRAMES)).isFalse();
        }
    }

    @Test
    void aServerIsKnownByTheDialectThatItSpeaks() {
        Quirks chat = KnownServers.find("openai-chat", KnownServers.OLLAMA).orElseThrow();
        assertThat(chat.server()).isEqualTo("ollama");
        assertThat(chat.is(Quirk.TOOL_CHOICE)).isFalse();
        assertThat(KnownServers.find("openai-chat", KnownServers.ANTHROPIC)).isEmpty();
        assertThat(KnownServers.find("nonsense", KnownServers.OLLAMA)).isEmpty();
        assertThat(KnownServers.compatible("nonsense").server()).isEqualTo("compatible");
    }

    @Test
    void noServerOfOpenAiChatCountsTokens() {
        for (String server : KnownServers.names("openai-chat")) {
            assertThat(
                            KnownServers.find("openai-chat", server)
                                    .orElseThrow()
                                    .is(Quirk.COUNT_TOKENS))
                    .as(server)
                    .isFalse();
        }
    }

    @Test
    void onlyTheFramesOfTheVendorAndOfAGatewayGoToStrictClientsAsTheyAre() {
        assertThat(
                        KnownServers.names("openai-chat").stream()
                                .filter(
                                        server ->
                                                KnownServers.find("openai-chat", server)
                                                        .orElseThrow()
                                                        .is(Quirk.STRICT_FRAMES)))
                .containsExactly(KnownServers.OPENAI, KnownServers.SLUICE);
    }

    @Test
    void namesAreListedOnce() {
        assertThat(KnownServers.names()).doesNotHaveDuplicates().isSorted().contains("vllm");
    }

    @Test
    void dialectsAreFoundByName() {
        assertThat(Dialects.all())
                .extracting(Dialect::name)
                .contains("openai-chat", "openai-responses", "anthropic");
        assertThat(Dialects.find("openai-chat")).isPresent();
        assertThat(Dialects.find("gopher")).isEmpty();
    }
}
