package dev.sluice.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Raw;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RequestTest {
    @Test
    void aCopyHoldsAllOfTheRequest() {
        Request.Builder builder = Request.builder("test");
        builder.model = "m";
        builder.system.add(new Block.Text("s"));
        builder.messages.add(Message.of(Role.USER, "u"));
        builder.tools.add(new Tool.Custom("t", null, null));
        builder.toolChoice = new ToolChoice.Named("t");
        builder.parallelToolCalls = false;
        builder.sampling =
                new Sampling(
                        0.5,
                        0.6,
                        7L,
                        0.8,
                        0.9,
                        1.0,
                        1.1,
                        12L,
                        true,
                        13L,
                        Raw.of("{}"),
                        List.of("x"));
        builder.maxOutput = 14L;
        builder.maxOutputCountsThinking = false;
        builder.choices = 2;
        builder.responseFormat = new ResponseFormat.JsonObject();
        builder.thinking = ThinkingConfig.budget(2000);
        builder.user = "user";
        builder.serviceTier = "tier";
        builder.stream = true;
        builder.includeUsage = true;
        builder.embed = new Embed(List.of("text"), null, 15L, true);
        builder.extra.put("b", Raw.of("1"));
        builder.extra.put("a", Raw.of("2"));
        Request request = builder.build();
        assertThat(request.toBuilder().build()).isEqualTo(request);
        assertThat(request.extra().keySet()).containsExactly("b", "a");
        assertThat(request).hasNoNullFieldsOrProperties();
        builder.messages.clear();
        builder.extra.clear();
        assertThat(request.messages()).hasSize(1);
        assertThat(request.extra()).hasSize(2);
        assertThat(Request.builder("test").build().choices()).isEqualTo(1);
    }

    @Test
    void listsAreCopies() {
        List<Block> blocks = new ArrayList<>(List.of(new Block.Text("a")));
        Message message = new Message(Role.USER, blocks);
        Block.ToolResult result = new Block.ToolResult("id", blocks, false, null);
        blocks.clear();
        assertThat(message.blocks()).hasSize(1);
        assertThat(result.content()).hasSize(1);
        assertThat(result.cacheControl()).isNull();
        assertThat(new Block.Refusal("no").cacheControl()).isNull();
    }
}
