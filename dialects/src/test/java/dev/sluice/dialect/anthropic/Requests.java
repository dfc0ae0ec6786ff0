package dev.sluice.dialect.anthropic;

import java.util.List;

/** Requests that use all of the dialect. */
final class Requests {
    static final List<String> ALL =
            List.of(
                    """
                    {"model":"claude","max_tokens":2048,"stream":true,
                     "system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
                     "messages":[
                      {"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"q","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
                      {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":""},{"type":"redacted_thinking","data":"d"},
                        {"type":"server_tool_use","id":"s","name":"web_search","input":{"q":1.50}},
                        {"type":"tool_use","id":"toolu:1","name":"my.f","input":{"b":1.0}}]},
                      {"role":"system","content":[{"type":"text","text":"now"}]},
                      {"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"toolu:1","content":[{"type":"search_result","source":"y"}],"is_error":true}]},
                      {"role":"assistant","content":[{"type":"text","text":"Sure "}]}],
                     "tools":[{"name":"my.f","input_schema":{},"strict":false,"cache_control":{"type":"ephemeral"}},{"type":"web_search_20250305","name":"web_search"}],
                     "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                     "thinking":{"type":"enabled","budget_tokens":1024,"display":"omitted"},
                     "output_config":{"effort":"low","format":{"type":"json_schema","schema":{}},"new":true},
                     "temperature":0.5,"top_p":1,"top_k":3,"stop_sequences":["a"],
                     "metadata":{"user_id":"u","new":1},"service_tier":"standard_only",
                     "cache_control":{"type":"ephemeral"},"speed":"fast"}\
                    """,
                    """
                    {"model":"claude","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"text","text":"a"}]}],
                     "thinking":{"type":"between_tools"},"tool_choice":{"type":"none"}}\
                    """,
                    """
                    {"model":"claude","max_tokens":1,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"content","content":[]}}]}],
                     "thinking":{"type":"adaptive"},"output_config":{"effort":"max"}}\
                    """,
                    """
                    {"model":"claude","max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/x","data":"AA"}}]}],
                     "thinking":{"type":"disabled"},"output_config":{"effort":"future"}}\
                    """);

    private Requests() {}
}
