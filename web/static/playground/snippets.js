export const LANGUAGES = ["curl", "Python", "JavaScript", "Java"];
/** The same request as a program. */
export function snippet(language, asked) {
    switch (language) {
        case "curl":
            return curl(asked);
        case "Python":
            return python(asked);
        case "JavaScript":
            return javascript(asked);
        case "Java":
            return java(asked);
    }
}
function curl({ origin, request, keyed }) {
    const { messages, prompt, system, model, maxTokens, temperature, extra } = request;
    const said = { model, system, prompt, messages: messages && shortened(messages) };
    const body = JSON.stringify({ ...said, max_tokens: maxTokens, temperature, ...extra }, undefined, 2);
    const lines = [`curl -N ${origin}/stream`, "-H 'content-type: application/json'"];
    if (keyed) {
        lines.push('-H "authorization: Bearer $SLUICE_API_KEY"');
    }
    lines.push(`-d ${quoted(body)}`);
    return `${lines.join(" \\\n  ")}\n`;
}
/** A word for a POSIX shell. */
function quoted(text) {
    return `'${text.replaceAll("'", "'\\''")}'`;
}
function python({ origin, request, keyed }) {
    const parameters = [
        `    model=${json(request.model ?? "")},`,
        `    messages=${pythonOf(chat(request), "    ")},`,
        ...(request.maxTokens === undefined ? [] : [`    max_tokens=${request.maxTokens},`]),
        ...(request.temperature === undefined ? [] : [`    temperature=${request.temperature},`]),
        ...Object.entries(request.extra ?? {}).map(([name, value]) => `    ${name}=${pythonOf(value, "    ")},`),
        "    stream=True,",
    ];
    return `# pip install openai
${keyed ? "import os\n" : ""}from openai import OpenAI

client = OpenAI(base_url=${json(`${origin}/v1`)}, api_key=${keyed ? 'os.environ["SLUICE_API_KEY"]' : '"none"'})
stream = client.chat.completions.create(
${parameters.join("\n")}
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
`;
}
function javascript({ origin, request, keyed }) {
    const { messages, ...rest } = request;
    const asked = { ...rest, ...(messages === undefined ? {} : { messages: shortened(messages) }) };
    const options = [`  url: ${json(`${origin}/stream`)},`];
    if (keyed) {
        options.push("  apiKey: process.env.SLUICE_API_KEY,");
    }
    return `import { streamText } from "@sluice/browser";

const stream = streamText(${JSON.stringify(asked, undefined, 2)}, {
${options.join("\n")}
});
for await (const token of stream) {
  process.stdout.write(token);
}
`;
}
function java({ origin, request, keyed }) {
    const lines = [
        ...(request.system === undefined ? [] : [`.system(${javaString(request.system)})`]),
        ...messagesOf(request).flatMap(javaMessage),
        ...toolsOf(request).map(javaTool),
    ];
    const config = [
        ...(request.maxTokens === undefined ? [] : [`.maxTokens(${request.maxTokens})`]),
        ...(request.temperature === undefined ? [] : [`.temperature(${request.temperature})`]),
    ];
    const builder = [
        `.baseUrl("sluice", URI.create(${javaString(`${origin}/v1`)}))`,
        ...(keyed ? ['.key("sluice", System.getenv("SLUICE_API_KEY"))'] : []),
        ...(config.length === 0 ? [] : [`.config(StreamConfig.builder()${config.join("")}.build())`]),
    ];
    const called = lines.some((line) => line.includes("Block.ToolUse"));
    return `import dev.sluice.client.*;
${called ? "import dev.sluice.core.request.Block;\nimport dev.sluice.core.request.Role;\n" : ""}import java.net.URI;

void main() {
    Prompt prompt =
            new Prompt()
                    ${lines.join("\n                    ")};
    try (SluiceClient sluice =
                    Sluice.builder()
                            ${builder.join("\n                            ")}
                            .build();
            TokenStream stream = sluice.stream(${javaString(`sluice/${request.model ?? ""}`)}, prompt)) {
        for (Token token : stream) {
            IO.print(token);
        }
    }
}
`;
}
function javaTool({ function: { name, description = "", parameters = {} } }) {
    const texts = [name, description, JSON.stringify(parameters)].map(javaString);
    return `.tool(${texts.join(", ")})`;
}
function javaCall({ id, function: called }) {
    const texts = [id, called.name, called.arguments].map(javaString);
    return `.add(Role.ASSISTANT, new Block.ToolUse(${texts.join(", ")}, false, null))`;
}
function javaMessage(message) {
    if (message.role === "tool") {
        return [`.toolResult(${[message["tool_call_id"], message.content].map((m) => javaString(String(m))).join(", ")})`];
    }
    if (typeof message.content === "string") {
        const calls = (message["tool_calls"] ?? []).map(javaCall);
        if (message.content === "" && calls.length > 0) {
            return calls;
        }
        return [
            `.${message.role === "assistant" ? "assistant" : "user"}(${javaString(message.content)})`,
            ...calls,
        ];
    }
    return javaParts(message.content);
}
function toolsOf(request) {
    return (request.extra?.["tools"] ?? []);
}
function javaParts(parts) {
    return parts.map((part) => part.type === "text"
        ? `.user(${javaString(part.text)})`
        : `.image(${javaString(shortUrl(part.image_url.url))})`);
}
function messagesOf(request) {
    return request.messages ?? [{ role: "user", content: request.prompt ?? "" }];
}
/** A conversation as OpenAI Chat Completions has it. */
function chat(request) {
    const system = request.system === undefined ? [] : [{ role: "system", content: request.system }];
    return [...system, ...shortened(messagesOf(request))];
}
/** Images are too long to read: a place is left for each. */
function shortened(messages) {
    return messages.map((message) => typeof message.content === "string"
        ? message
        : { ...message, content: message.content.map(shortPart) });
}
function shortPart(part) {
    return part.type === "image_url"
        ? { type: "image_url", image_url: { url: shortUrl(part.image_url.url) } }
        : part;
}
function shortUrl(url) {
    const comma = url.indexOf(",");
    return url.startsWith("data:") && comma > 0 ? `${url.slice(0, comma + 1)}…` : url;
}
/** A value as a literal of Python, each further line behind `by`. */
function pythonOf(value, by) {
    const inner = `${by}    `;
    if (Array.isArray(value)) {
        const items = value.map((item) => `${inner}${pythonOf(item, inner)},\n`);
        return items.length === 0 ? "[]" : `[\n${items.join("")}${by}]`;
    }
    if (typeof value === "object" && value !== null) {
        const members = Object.entries(value)
            .filter(([, member]) => member !== undefined)
            .map(([name, member]) => `${inner}${json(name)}: ${pythonOf(member, inner)},\n`);
        return members.length === 0 ? "{}" : `{\n${members.join("")}${by}}`;
    }
    if (typeof value === "boolean") {
        return value ? "True" : "False";
    }
    return value === null ? "None" : json(value);
}
/** JSON that is a literal of the language too: a text or a number. */
function json(value) {
    return JSON.stringify(value);
}
/** Whatever JSON escapes, Java escapes in the same way. */
function javaString(text) {
    return JSON.stringify(text);
}
