package dev.sluice.dialect.openaichat;

import java.util.List;

/** Sample requests that between them use all of the dialect. */
final class Requests {
    static final String CONVERSATION =
            """
            {"model":"gpt-5-mini","stream":true,"messages":[
             {"role":"developer","content":"Be brief."},
             {"role":"system","content":[{"type":"text","text":"Be kind."}]},
             {"role":"user","content":[
               {"type":"text","text":"What is \\"this\\"? \\u2028 \\ud83c\\udf89"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}},
               {"type":"image_url","image_url":{"url":"https://example.org/a.png"}},
               {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},
               {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}},
               {"type":"file","file":{"file_id":"file-1"}},
               {"type":"video_url","video_url":{"url":"https://example.org/a.mp4"}}]},
             {"role":"assistant","content":"Let me look.","tool_calls":[
               {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\\"at\\": 1.50}"}},
               {"id":"call_2","type":"custom","custom":{"name":"sql","input":"select 1"}}]},
             {"role":"tool","tool_call_id":"call_1","content":"a cat"},
             {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"1"}]},
             {"role":"user","content":"And now?"},
             {"role":"system","content":"Answer in French."},
             {"role":"assistant","content":null,"refusal":"I will not."},
             {"role":"user","content":""}]}
            """;

    static final String PARAMETERS =
            """
            {"model":"gpt-5-mini","messages":[{"role":"user","content":"hi"}],
             "max_completion_tokens":100,"temperature":1.5,"top_p":0.9,"presence_penalty":-1,
             "frequency_penalty":0.25,"seed":-9007199254740993,"logprobs":true,"top_logprobs":5,
             "logit_bias":{"50256":-100},"stop":["a","b"],"user":"u-1","service_tier":"flex",
             "reasoning_effort":"high","parallel_tool_calls":false,
             "tools":[
               {"type":"function","function":{"name":"f","description":"d","strict":true,
                 "parameters":{"type":"object","properties":{"x":{"type":"number","maximum":1.0e3}}}}},
               {"type":"function","function":{"name":"g"}},
               {"type":"custom","custom":{"name":"c","description":"e","format":{"type":"text"}}},
               {"type":"web_search_preview","search_context_size":"low"}],
             "tool_choice":{"type":"function","function":{"name":"f"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d",
               "schema":{"type":"object"},"strict":false}},
             "metadata":{"k":"v"},"store":false,"modalities":["text"],"verbosity":"low",
             "prompt_cache_key":"p","future_parameter":{"a":[1.0,2e2,null]}}
            """;

    static final String CHOICES =
            """
            {"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":7,"n":1,
             "tools":[{"type":"custom","custom":{"name":"c"}},{"type":"function","function":{"name":"f"}}],
             "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[
               {"type":"custom","custom":{"name":"c"}},{"type":"function","function":{"name":"f"}}]}},
             "response_format":{"type":"json_object"}}
            """;

    static final String NULLS =
            """
            {"model":"m","messages":[{"role":"user","content":"hi","name":null},
              {"role":"assistant","content":"x","tool_calls":null,"refusal":null,"function_call":null,
               "audio":null,"annotations":[]},{"role":"user","content":"y"}],
             "stream":null,"stream_options":null,"max_tokens":null,"max_completion_tokens":null,
             "temperature":null,"top_p":null,"n":null,"stop":null,"logit_bias":null,"logprobs":null,
             "top_logprobs":null,"seed":null,"user":null,"service_tier":null,"response_format":null,
             "tools":null,"tool_choice":null,"parallel_tool_calls":null,"functions":null,
             "function_call":null,"reasoning_effort":null,"metadata":null}
            """;

    static final List<String> ALL = List.of(CONVERSATION, PARAMETERS, CHOICES, NULLS);

    private Requests() {}
}
