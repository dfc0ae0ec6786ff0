package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class StopMatcherTest {
    @Test
    void findsASequenceHoweverItIsCut() {
        String text = "one two three";
        for (int cut = 0; cut <= text.length(); cut++) {
            StopMatcher matcher = new StopMatcher(List.of("o three", "e th"));
            String said = matcher.feed(text.substring(0, cut));
            if (matcher.met().isEmpty()) {
                said += matcher.feed(text.substring(cut));
            }
            assertThat(said).isEqualTo("one tw");
            assertThat(matcher.met()).contains("o three");
        }
    }

    @Test
    void holdsBackOnlyWhatMayBeTheBeginning() {
        StopMatcher matcher = new StopMatcher(List.of("END"));

        assertThat(matcher.feed("the E")).isEqualTo("the ");
        assertThat(matcher.feed("N")).isEmpty();
        assertThat(matcher.feed("E")).isEqualTo("EN");
        assertThat(matcher.rest()).isEqualTo("E");
        assertThat(matcher.met()).isEmpty();
    }

    @Test
    void takesTheEarliestOfSeveral() {
        StopMatcher matcher = new StopMatcher(List.of("c", "b", ""));

        assertThat(matcher.feed("abc")).isEqualTo("a");
        assertThat(matcher.met()).contains("b");
    }

    @Test
    void doesNothingWithoutSequences() {
        assertThat(new StopMatcher(List.of("")).isIdle()).isTrue();
        assertThat(new StopMatcher(List.of("x")).isIdle()).isFalse();
    }
}
