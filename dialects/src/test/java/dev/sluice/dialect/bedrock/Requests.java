package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.request.Request;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sample requests that between them use all of the dialect. */
final class Requests {
    static final BedrockDialect DIALECT = new BedrockDialect();

    static final String CONVERSATION =
            """
            {"system":[{"text":"Be brief."},{"cachePoint":{"type":"default"}},{"text":"And kind."}],
             "messages":[
             {"role":"user","content":[{"text":"What is \\"this\\"? \\u2028 \\ud83c\\udf89"},
               {"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}},
               {"image":{"format":"jpeg","source":{"s3Location":{"uri":"s3://b/k"}}}},
               {"document":{"format":"pdf","name":"a paper","source":{"bytes":"JVBERi0="},
                 "context":"about it","citations":{"enabled":true}}},
               {"document":{"format":"txt","name":"notes","source":{"text":"plain"}}},
               {"document":{"format":"docx","name":"x","source":{"s3Location":{"uri":"s3://b"}}}},
               {"audio":{"format":"mp3","source":{"bytes":"AAAA"}}},
               {"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/v"}}}},
               {"cachePoint":{"type":"default","ttl":"1h"}},
               {"guardContent":{"text":{"text":"g"}}}]},
             {"role":"assistant","content":[
               {"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"c2ln+/=="}}},
               {"reasoningContent":{"redactedContent":"c2VjcmV0"}},
               {"text":"Let me look."},
               {"toolUse":{"toolUseId":"tooluse_1","name":"look","input":{"at": 1.50}}},
               {"cachePoint":{"type":"default"}},
               {"toolUse":{"toolUseId":"tooluse_2","name":"look","input":{}}}]},
             {"role":"user","content":[
               {"toolResult":{"toolUseId":"tooluse_1","status":"success","content":[
                 {"text":"a cat"},{"image":{"format":"webp","source":{"bytes":"UklGRg=="}}}]}},
               {"toolResult":{"toolUseId":"tooluse_2","status":"error","content":[
                 {"json":{"a":[1, 2.0]}}]}},
               {"cachePoint":{"type":"default"}},{"text":"And now?"}]}],
             "toolConfig":{"tools":[
               {"toolSpec":{"name":"look","description":"d","strict":true,
                 "inputSchema":{"json":{"type":"object","properties":{"at":{"type":"number"}}}}}},
               {"cachePoint":{"type":"default"}},
               {"systemTool":{"name":"nova_grounding"}}],
               "toolChoice":{"tool":{"name":"look"}}}}
            """;

    static final String PARAMETERS =
            """
            {"messages":[{"role":"user","content":[{"text":"hi"}]}],
             "inferenceConfig":{"maxTokens":2048,"temperature":0.7,"topP":0.9,
               "stopSequences":["END","\\n\\n"],"future":1},
             "additionalModelRequestFields":{"top_k":40,
               "thinking":{"type":"enabled","budget_tokens":1024},
               "anthropic_beta":["interleaved-thinking-2025-05-14"],"x":{"a":[1.0,2e2]}},
             "additionalModelResponseFieldPaths":["/stop_sequence"],
             "guardrailConfig":{"guardrailIdentifier":"id","guardrailVersion":"1"},
             "performanceConfig":{"latency":"standard"},"requestMetadata":{"k":"v"},
             "serviceTier":{"type":"priority"},"promptVariables":{"a":{"text":"b"}},
             "outputConfig":{"effort":"high","textFormat":{"type":"json_schema","structure":
               {"jsonSchema":{"schema":"{\\"type\\":\\"object\\"}","name":"n","description":"d"}}}},
             "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}}],
               "toolChoice":{"any":{}}}}
            """;

    static final String MODELS_OWN =
            """
            {"messages":[{"role":"user","content":[{"text":"hi"}]},
               {"role":"assistant","content":[{"text":"Once"}]}],
             "additionalModelRequestFields":{"top_k":0.5,"thinking":{"type":"enabled",
               "budget_tokens":2000,"display":"omitted"},"inferenceConfig":{"topK":20}},
             "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}}],
               "toolChoice":{"auto":{}}},
             "inferenceConfig":{"maxTokens":null},"serviceTier":null}
            """;

    static final String SWITCHED_OFF =
            """
            {"messages":[{"role":"user","content":[{"text":"hi"}]}],
             "additionalModelRequestFields":{"thinking":{"type":"disabled"}}}
            """;

    static final List<String> ALL = List.of(CONVERSATION, PARAMETERS, MODELS_OWN, SWITCHED_OFF);

    private Requests() {}

    /** A call as it comes to the path that {@code target} is asked on. */
    static Call call(byte[] body, Target target) {
        String path = DIALECT.upstreamPath(Operation.GENERATE, target);
        return new Call(path.substring("/model/".length()), Headers.NONE, body);
    }

    /** A request of a client. */
    static Request decoded(String json) {
        return DIALECT.decodeRequest(
                new Call(
                        "a.model-v1%3A0/converse",
                        Headers.NONE, json.getBytes(StandardCharsets.UTF_8)));
    }
}
