package dev.sluice.dialect.openairesponses;

import java.util.List;

/** Sample requests that between them use all of the dialect. */
final class Requests {
    static final String CONVERSATION =
            """
            {"model":"gpt-5-mini","stream":true,"instructions":"Be brief.","input":[
             {"type":"message","role":"developer","content":"Be kind."},
             {"role":"user","content":[
               {"type":"input_text","text":"What is \\"this\\"? \\u2028 \\ud83c\\udf89"},
               {"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"},
               {"type":"input_image","image_url":"https://example.org/a.png"},
               {"type":"input_image","file_id":"file-1"},
               {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},
               {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="},
               {"type":"input_file","file_url":"https://example.org/a.pdf"},
               {"type":"input_file","file_id":"file-2"},
               {"type":"input_video","url":"https://example.org/a.mp4"}]},
             {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAAB"},
             {"type":"message","id":"msg_1","status":"completed","role":"assistant",
               "content":[{"type":"output_text","text":"Let me look.","annotations":[],"logprobs":[]}]},
             {"type":"function_call","id":"fc_1","call_id":"call_1","name":"look","arguments":"{\\"at\\": 1.50}","status":"completed"},
             {"type":"custom_tool_call","call_id":"call_2","name":"sql","input":"select 1"},
             {"type":"function_call","call_id":"call_4","namespace":"agents","name":"spawn","arguments":"{}"},
             {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"x"}},
             {"type":"function_call_output","call_id":"call_1","output":"a cat"},
             {"type":"custom_tool_call_output","call_id":"call_2","output":[
               {"type":"input_text","text":"1"},{"type":"input_image","image_url":"https://example.org/b.png"}]},
             {"type":"computer_call_output","call_id":"call_3","output":{"type":"computer_screenshot","image_url":"x"}},
             {"role":"user","content":"And now?"},
             {"role":"system","content":"Answer in French."},
             {"type":"reasoning","summary":[{"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}]},
             {"role":"assistant","content":[{"type":"refusal","refusal":"I will not."}]},
             {"role":"user","content":""}]}
            """;

    static final String PARAMETERS =
            """
            {"model":"gpt-5-mini","input":"hi","max_output_tokens":100,"temperature":1.5,"top_p":0.9,
             "top_logprobs":5,"include":["message.output_text.logprobs","reasoning.encrypted_content"],
             "user":"u-1","service_tier":"flex","parallel_tool_calls":false,"max_tool_calls":3,
             "reasoning":{"effort":"high","summary":"auto","context":"all"},
             "tools":[
               {"type":"function","name":"f","description":"d","strict":true,
                 "parameters":{"type":"object","properties":{"x":{"type":"number","maximum":1.0e3}}}},
               {"type":"function","name":"g"},
               {"type":"custom","name":"c","description":"e","format":{"type":"text"}},
               {"type":"custom","name":"l","format":{"type":"grammar","definition":"start: /a/","syntax":"lark"}},
               {"type":"namespace","name":"agents","description":"Others.","tools":[
                 {"type":"function","name":"spawn","strict":false},{"type":"custom","name":"tell"}]},
               {"type":"web_search","search_context_size":"low"},
               {"type":"web_search","external_web_access":false},
               {"type":"mcp","server_label":"docs","server_url":"https://example.org/mcp"}],
             "tool_choice":{"type":"function","name":"f"},
             "text":{"format":{"type":"json_schema","name":"n","description":"d",
               "schema":{"type":"object"},"strict":false},"verbosity":"low"},
             "truncation":"auto","store":false,"previous_response_id":"resp_0","metadata":{"k":"v"},
             "safety_identifier":"s","prompt_cache_key":"p","background":false,
             "stream_options":{"include_obfuscation":false},"future_parameter":{"a":[1.0,2e2,null]}}
            """;

    static final String CHOICES =
            """
            {"model":"m","input":[{"role":"user","content":"hi"}],
             "tools":[{"type":"custom","name":"c"},{"type":"function","name":"f"}],
             "tool_choice":{"type":"allowed_tools","mode":"required","tools":[
               {"type":"custom","name":"c"},{"type":"function","name":"f"}]},
             "text":{"format":{"type":"json_object"}},"reasoning":{"effort":"none"}}
            """;

    static final String STRANGE =
            """
            {"model":"m","input":[{"type":"item_reference","id":"msg_9"}],
             "tools":[{"type":"image_generation"}],"tool_choice":{"type":"image_generation"},
             "reasoning":{"effort":"utmost","summary":"detailed"},"text":{"format":{"type":"grammar"}}}
            """;

    static final String NULLS =
            """
            {"model":"m","input":"hi","instructions":null,"tools":null,"tool_choice":null,"text":null,
             "reasoning":{"effort":null,"summary":null},"temperature":null,"previous_response_id":null,
             "metadata":null,"max_output_tokens":null,"include":null,"stream":null,"user":null}
            """;

    static final List<String> ALL = List.of(CONVERSATION, PARAMETERS, CHOICES, STRANGE, NULLS);

    private Requests() {}
}
