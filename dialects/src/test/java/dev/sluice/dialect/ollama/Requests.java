package dev.sluice.dialect.ollama;

import java.util.List;

/** Sample requests that between them use all of the dialect's conversations. */
final class Requests {
    static final String CONVERSATION =
            """
            {"model":"qwen3:8b","stream":false,"messages":[
             {"role":"system","content":"Be brief."},
             {"role":"user","content":"What is \\"this\\"? \\u2028 \\ud83c\\udf89","images":["iVBORw0KGgo="]},
             {"role":"assistant","content":"Let me look.","thinking":"Hm.","tool_calls":[
               {"id":"call_1","function":{"index":0,"name":"look","arguments":{"at": 1.50}}},
               {"id":"call_2","function":{"index":1,"name":"look","arguments":{}}}]},
             {"role":"tool","content":"a cat","tool_name":"look","tool_call_id":"call_1"},
             {"role":"tool","content":"","tool_name":"look","tool_call_id":"call_2"},
             {"role":"user","content":"And now?"},
             {"role":"system","content":"Answer in French."},
             {"role":"assistant","content":""},
             {"role":"user","content":""}]}
            """;

    static final String PARAMETERS =
            """
            {"model":"qwen3:8b","messages":[{"role":"user","content":"hi"}],"keep_alive":"5m",
             "think":"high","truncate":true,"shift":false,"logprobs":true,"top_logprobs":5,
             "format":{"type":"object","properties":{"x":{"type":"number","maximum":1.0e3}}},
             "options":{"num_predict":100,"temperature":0.7,"top_p":0.9,"top_k":40,"min_p":0.05,
               "presence_penalty":0.5,"frequency_penalty":0.25,"repeat_penalty":1.1,
               "seed":9007199254740993,"stop":["a","b"],"num_ctx":8192,"repeat_last_n":-1,
               "mirostat_tau":5.0},
             "tools":[
               {"type":"function","function":{"name":"f","description":"d",
                 "parameters":{"type":"object","properties":{"x":{"type":"number"}}}}}],
             "future_parameter":{"a":[1.0,2e2,null]}}
            """;

    static final String CHOICES =
            """
            {"model":"m","messages":[{"role":"user","content":"hi"}],"think":false,"format":"json",
             "keep_alive":-1}
            """;

    static final String NULLS =
            """
            {"model":"m","messages":[{"role":"user","content":"hi","images":null,"tool_calls":null,
               "thinking":null,"tool_name":null}],"stream":null,"format":null,"options":null,
             "tools":null,"think":null,"keep_alive":null,"logprobs":null,"top_logprobs":null}
            """;

    static final String THINKING =
            """
            {"model":"m","messages":[{"role":"user","content":"hi"}],"think":true,"format":"",
             "options":{}}
            """;

    static final List<String> ALL = List.of(CONVERSATION, PARAMETERS, CHOICES, NULLS, THINKING);

    private Requests() {}
}
