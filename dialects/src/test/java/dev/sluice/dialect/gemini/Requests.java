package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests that use all of this dialect. */
final class Requests {
    static final String CONVERSATION =
            """
            {"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]},
             "contents":[
             {"role":"user","parts":[{"text":"Look"},
               {"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}},
               {"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}},
               {"inlineData":{"mimeType":"audio/wav","data":"UklGRg=="}},
               {"inlineData":{"mimeType":"video/mp4","data":"AAAA"}},
               {"fileData":{"mimeType":"image/png","fileUri":"https://pics.example/a.png"}},
               {"fileData":{"mimeType":"video/mp4","fileUri":"gs://bucket/a.mp4"}}]},
             {"role":"model","parts":[
               {"text":"hm","thought":true},
               {"text":"ok","thought":true,"thoughtSignature":"c2lnMQ=="},
               {"text":"I look."},
               {"functionCall":{"id":"call_1","name":"look","args":{"x":1.50,"y":"\\u00e9"}},
                "thoughtSignature":"c2lnMg=="},
               {"functionCall":{"id":"call_2","name":"look","args":{}}},
               {"executableCode":{"language":"PYTHON","code":"print(1)"}},
               {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}]},
             {"role":"user","parts":[
               {"functionResponse":{"id":"call_1","name":"look","response":{"output":"done"}}},
               {"functionResponse":{"id":"call_2","name":"look","response":{"a":[1,2e2],"b":null}}}]},
             {"role":"model","parts":[{"text":"Failing.","thoughtSignature":"c2lnMw=="},
               {"functionCall":{"id":"call_3","name":"look","args":{"z":[]}}}]},
             {"role":"user","parts":[
               {"functionResponse":{"id":"call_3","name":"look","response":{"error":"none"}}}]},
             {"role":"model","parts":[{"text":"Done."},{"text":"","thoughtSignature":"c2lnNA=="}]},
             {"role":"user","parts":[{"text":"And now?"}]}]}
            """;

    static final String PARAMETERS =
            """
            {"contents":[{"role":"user","parts":[{"text":"hi"}]}],
             "generationConfig":{"temperature":0.7,"topP":0.9,"topK":40,"maxOutputTokens":100,
               "stopSequences":["a","b"],"seed":7,"presencePenalty":0.5,"frequencyPenalty":0.25,
               "candidateCount":1,"responseMimeType":"application/json",
               "responseJsonSchema":{"type":"object","properties":{"x":{"type":"number"}}},
               "responseLogprobs":true,"logprobs":5,
               "thinkingConfig":{"includeThoughts":true,"thinkingBudget":1024},
               "mediaResolution":"MEDIA_RESOLUTION_LOW","speechConfig":{"languageCode":"fr"}},
             "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],
             "cachedContent":"cachedContents/abc",
             "tools":[{"functionDeclarations":[
                 {"name":"f","description":"d","parametersJsonSchema":{"type":"object",
                   "properties":{"x":{"type":"number"}}}},
                 {"name":"g"}]},
               {"googleSearch":{}}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f","g"]},
               "retrievalConfig":{"languageCode":"fr"}},
             "labels":{"team":"x"},"future":{"a":[1.0,2e2,true]}}
            """;

    static final String SNAKE_CASE =
            """
            {"system_instruction":{"parts":[{"text":"Be brief."}]},
             "contents":[{"parts":[{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}}]}],
             "generation_config":{"max_output_tokens":9,"top_p":0.5,"stop_sequences":["x"],
               "response_mime_type":"application/json",
               "thinking_config":{"thinking_level":"LOW"}},
             "tools":[{"function_declarations":[{"name":"f","parameters":{"type":"OBJECT",
               "properties":{"city":{"type":"STRING","nullable":true}},"required":["city"]}}]}],
             "tool_config":{"function_calling_config":{"mode":"VALIDATED",
               "allowed_function_names":["f"]}}}
            """;

    static final String CHOICES =
            """
            {"contents":[{"role":"user","parts":[{"text":"hi"}]}],
             "generationConfig":{"thinkingConfig":{"thinkingBudget":0},"responseMimeType":"text/x.enum",
               "responseSchema":{"type":"STRING","enum":["a","b"]}},
             "tools":[{"functionDeclarations":[{"name":"f"}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"NONE"}}}
            """;

    static final String NULLS =
            """
            {"contents":[{"role":null,"parts":[{"text":"hi","thought":null,"inlineData":null}]}],
             "systemInstruction":null,"tools":null,"toolConfig":null,"generationConfig":
             {"temperature":null,"thinkingConfig":null},"safetySettings":null}
            """;

    static final String THINKING =
            """
            {"contents":[{"role":"user","parts":[{"text":"hi"}]}],
             "generationConfig":{"thinkingConfig":{"thinkingBudget":-1}}}
            """;

    static final List<String> ALL =
            List.of(CONVERSATION, PARAMETERS, SNAKE_CASE, CHOICES, NULLS, THINKING);

    private Requests() {}

    /** A client's call with this body, for a stream of events. */
    static Call stream(String body) {
        return call("gemini-2.5-flash:streamGenerateContent", "alt=sse", body);
    }

    /** A client's call on this path behind {@code models/}. */
    static Call call(String path, String query, String body) {
        return new Call(
                Operation.GENERATE,
                path,
                query,
                Headers.NONE,
                body.getBytes(StandardCharsets.UTF_8));
    }
}
