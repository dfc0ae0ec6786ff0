package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sdktests.Question.Inline;
import dev.sluice.sdktests.Question.Linked;
import dev.sluice.sdktests.Question.Picture;
import dev.sluice.sdktests.Question.Showed;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Pictures in a request. */
class ImagesIT {
    /** One black dot. */
    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

    private static Question showing(Picture picture) {
        return new Question(
                "",
                "",
                List.of(new Showed(picture, "What is this?")),
                List.of(),
                false,
                4000,
                List.of(),
                0);
    }

    @InAllWays
    void arriveAsTheyWereSent(Way way) {
        Pair pair = way.pair();
        try (Rig rig = Rig.of(pair, Story.of(pair, "01"))) {
            way.ask(rig, showing(new Inline("image/png", PNG)));

            JsonNode content = rig.arrived(1).path("messages").path(0).path("content");
            JsonNode image = content.path(0);
            switch (pair.upstream()) {
                case OPENAI -> {
                    assertThat(image.path("type").asString()).isEqualTo("image_url");
                    assertThat(image.path("image_url").path("url").asString())
                            .isEqualTo("data:image/png;base64," + PNG);
                }
                case ANTHROPIC -> {
                    assertThat(image.path("type").asString()).isEqualTo("image");
                    assertThat(image.path("source").path("type").asString()).isEqualTo("base64");
                    assertThat(image.path("source").path("media_type").asString())
                            .isEqualTo("image/png");
                    assertThat(image.path("source").path("data").asString()).isEqualTo(PNG);
                }
            }
            assertThat(content.path(1).path("text").asString()).isEqualTo("What is this?");
            assertThat(content.size()).isEqualTo(2);
        }
    }

    @InAllWays
    void areLinkedAsTheyWereLinked(Way way) {
        Pair pair = way.pair();
        String url = "https://example.com/dot.png?size=1&of=2";
        try (Rig rig = Rig.of(pair, Story.of(pair, "01"))) {
            way.ask(rig, showing(new Linked(url)));

            JsonNode image = rig.arrived(1).path("messages").path(0).path("content").path(0);
            String arrived =
                    pair.forUpstream(
                            image.path("image_url").path("url").asString(""),
                            image.path("source").path("url").asString(""));
            assertThat(arrived).isEqualTo(url);
        }
    }
}
