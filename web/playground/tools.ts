/** A tool that a model may call, in the form of OpenAI Chat Completions. */
export interface ToolDefinition {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: unknown;
  };
}

/** What the button beside the field fills in. */
export const EXAMPLE = `[
  {
    "type": "function",
    "function": {
      "name": "get_weather",
      "description": "The weather in a city, now",
      "parameters": {
        "type": "object",
        "properties": { "city": { "type": "string" } },
        "required": ["city"]
      }
    }
  }
]`;

/** Reads what a person wrote; throws with a sentence when that is no list of tools. Nothing is none. */
export function readTools(text: string): readonly ToolDefinition[] {
  if (text.trim() === "") {
    return [];
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (failure) {
    throw new Error(`This is no JSON: ${(failure as Error).message}`);
  }
  const list = Array.isArray(value) ? value : [value];
  return list.map(readTool);
}

function readTool(value: unknown): ToolDefinition {
  const tool = value as Partial<ToolDefinition> | null;
  const name = tool?.type === "function" ? tool.function?.name : undefined;
  if (typeof name !== "string" || name === "") {
    throw new Error('Each tool is {"type": "function", "function": {"name": …, "parameters": …}}.');
  }
  return tool as ToolDefinition;
}

/** What is wrong with what a person wrote as a tool's result; empty where nothing is. */
export function problemOf(result: string): string {
  const text = result.trim();
  if (text === "") {
    return "Say what the tool answers.";
  }
  if (!text.startsWith("{") && !text.startsWith("[")) {
    return ""; // Plain text is a result too.
  }
  try {
    JSON.parse(text);
    return "";
  } catch (failure) {
    return `This is no JSON: ${(failure as Error).message}`;
  }
}
