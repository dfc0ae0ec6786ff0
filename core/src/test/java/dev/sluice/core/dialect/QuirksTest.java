package dev.sluice.core.dialect;

import static dev.sluice.core.dialect.Quirks.Quirk.DEVELOPER_ROLE;
import static dev.sluice.core.dialect.Quirks.Quirk.EXTENDED_SAMPLING;
import static dev.sluice.core.dialect.Quirks.Quirk.MEDIA;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Quirks.Quirk;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class QuirksTest {
    @Test
    void areTheVendorsOwnUnlessTold() {
        Quirks vendor = Quirks.vendor("vendor");
        for (Quirk quirk : Quirk.values()) {
            assertThat(vendor.is(quirk)).isEqualTo(quirk.vendor());
            assertThat(quirk.word()).matches("[a-z]+(-[a-z]+)*");
        }
        assertThat(DEVELOPER_ROLE.word()).isEqualTo("developer-role");
    }

    @Test
    void areOverlaidWithoutBeingChanged() {
        Map<Quirk, Boolean> flags = new HashMap<>(Map.of(DEVELOPER_ROLE, false, MEDIA, false));
        Quirks server = new Quirks("server", flags);
        flags.put(MEDIA, true);
        Quirks overlaid = server.with(Map.of(DEVELOPER_ROLE, true, EXTENDED_SAMPLING, true));
        assertThat(server.is(MEDIA)).isFalse();
        assertThat(server.is(DEVELOPER_ROLE)).isFalse();
        assertThat(overlaid.is(DEVELOPER_ROLE)).isTrue();
        assertThat(overlaid.is(EXTENDED_SAMPLING)).isTrue();
        assertThat(overlaid.is(MEDIA)).isFalse();
        assertThat(overlaid.server()).isEqualTo("server");
    }
}
