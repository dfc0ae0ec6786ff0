package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class SchemaTest {

    @Test
    void everyKeyHasASentence() {
        assertThat(Schema.rows())
                .hasSizeGreaterThan(50)
                .allSatisfy(
                        row ->
                                assertThat(row.key().sentence())
                                        .endsWith(".")
                                        .hasSizeBetween(10, 240))
                .allSatisfy(row -> assertThat(row.key().absent()).isNotBlank());
    }

    @Test
    void keysOfASectionAreDistinct() {
        assertThat(Schema.rows().stream().map(Schema.Row::path).toList()).doesNotHaveDuplicates();
    }

    @Test
    void aDefaultThatAFileSaysIsTheDefault() {
        Reading reading = new Reading("x", Path.of(""), Map.of(), Optional.empty());
        Node.Where where = new Node.Where("x", "x", new Place("x", 1, 1));
        for (Schema.Row row : Schema.rows()) {
            Key<?> key = row.key();
            if (key.shape() instanceof Single<?> && key.fallback().isPresent()) {
                Node said = new Node.Scalar(where, key.absent(), key.absent());
                assertThat(key.shape().read(said, reading))
                        .as(row.path())
                        .isEqualTo(key.fallback());
            }
        }
        assertThat(reading.problems()).isEqualTo(List.of());
    }

    @Test
    void knowsTheOneHomeOfAKey() {
        assertThat(Schema.homeOf("port")).contains("listen.port");
        assertThat(Schema.homeOf("verify")).contains("providers.NAME.tls.verify");
        assertThat(Schema.homeOf("key")).isEmpty();
        assertThat(Schema.homeOf("zebra")).isEmpty();
    }
}
