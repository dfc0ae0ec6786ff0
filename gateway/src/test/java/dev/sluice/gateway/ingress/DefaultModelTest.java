package dev.sluice.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.request.Request;

import org.junit.jupiter.api.Test;

import java.util.List;

class DefaultModelTest {
    private static final ModelCard TEXT = card("simulated/text", "simulated");
    private static final ModelCard DEMO = card("sluice-demo", "local");
    private static final ModelCard OTHER = card("qwen3", "up");

    private static ModelCard card(String id, String owner) {
        return new ModelCard(id, owner, 0);
    }

    private static String chosen(String model, ModelCard... models) {
        Request.Builder asked = Request.builder("sluice");
        asked.model = model;
        return DefaultModel.chosen(asked.build(), List.of(models)).model();
    }

    @Test
    void takesASimulatedModelOnlyWhereThereIsNoOther() {
        assertThat(chosen("", TEXT, DEMO, OTHER)).isEqualTo("sluice-demo");
        assertThat(chosen("", TEXT)).isEqualTo("simulated/text");
        assertThat(chosen("simulated/", DEMO, TEXT)).isEqualTo("simulated/text");
    }

    @Test
    void takesTheFirstOfTheProviderThatIsNamed() {
        assertThat(chosen("up/", TEXT, DEMO, OTHER)).isEqualTo("qwen3");
        assertThat(chosen("up/mine", TEXT, DEMO, OTHER)).isEqualTo("up/mine");
    }
}
