package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.testkit.http.Script;

/** The list of models, in the shape that each library wants. */
class ModelsIT {
    @InAllPairs
    void areListed(Pair pair) {
        try (Rig rig = Rig.of(pair, Script.status(500))) {
            assertThat(rig.sdk().models()).containsExactly("gpt-5-mini");
            assertThat(rig.sdk().model("gpt-5-mini")).isEqualTo("gpt-5-mini");
        }
    }

    @InAllPairs
    void areMissed(Pair pair) {
        try (Rig rig = Rig.of(pair, Script.status(500))) {
            RuntimeException thrown =
                    catchThrowableOfType(
                            RuntimeException.class, () -> rig.sdk().model("vendor/gpt-9"));

            Problem problem = rig.sdk().explain(thrown);
            assertThat(problem.exception()).isEqualTo("NotFoundException");
            assertThat(problem.type())
                    .isEqualTo(pair.forClient("invalid_request_error", "not_found_error"));
        }
    }
}
