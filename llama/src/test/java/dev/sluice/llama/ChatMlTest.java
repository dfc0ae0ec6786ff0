package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.failure.FailureException;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Tool;

import org.junit.jupiter.api.Test;

class ChatMlTest {
    private static Request.Builder asking() {
        Request.Builder request = Request.builder("test");
        request.messages.add(Message.of(Role.USER, "Hello"));
        return request;
    }

    @Test
    void putsEveryMessageBetweenItsMarkers() {
        Request.Builder request = asking();
        request.system.add(new Block.Text("Be kind."));
        request.messages.add(Message.of(Role.ASSISTANT, "Hi"));
        request.messages.add(Message.of(Role.USER, "Again"));
        assertThat(new ChatMl().turn(request.build()).prompt())
                .isEqualTo(
                        """
                        <|im_start|>system
                        Be kind.<|im_end|>
                        <|im_start|>user
                        Hello<|im_end|>
                        <|im_start|>assistant
                        Hi<|im_end|>
                        <|im_start|>user
                        Again<|im_end|>
                        <|im_start|>assistant
                        """);
    }

    @Test
    void refusesWhatItCannotSay() {
        Request.Builder tools = asking();
        tools.tools.add(new Tool.Function("f", null, null, null, null));
        assertThatThrownBy(() -> new ChatMl().turn(tools.build()))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("tools");
    }

    @Test
    void jsonIsAGrammar() {
        Request.Builder json = asking();
        json.responseFormat = new ResponseFormat.JsonObject();
        assertThat(new ChatMl().turn(json.build()).grammar()).startsWith("root ::= object");
        assertThat(new ChatMl().turn(asking().build()).grammar()).isEmpty();
    }
}
