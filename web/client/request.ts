/** A part of a message, in the form of OpenAI Chat Completions. */
export type Part =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } };

/** A turn of a conversation. */
export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string | readonly Part[];
  readonly [other: string]: unknown;
}

/** What is asked: a prompt, or a conversation. */
export interface StreamRequest {
  readonly prompt?: string;
  /** In place of the prompt; not with EventSource. */
  readonly messages?: readonly Message[];
  readonly system?: string;
  /** As in `GET /v1/models`. */
  readonly model?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** Further fields of the body, as they shall stand there; not with EventSource. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The JSON that POST sends. */
export function bodyOf(request: StreamRequest): string {
  const { prompt, messages, system, model, maxTokens, temperature, extra } = request;
  return JSON.stringify({
    prompt,
    messages,
    system,
    model,
    max_tokens: maxTokens,
    temperature,
    ...extra,
  });
}

/** The address that GET asks. */
export function addressOf(url: string | URL, request: StreamRequest): string {
  if (request.messages !== undefined || request.extra !== undefined) {
    throw new TypeError("EventSource carries a prompt only: use transport \"fetch\" for the rest");
  }
  const query = new URLSearchParams();
  const fields = {
    prompt: request.prompt,
    system: request.system,
    model: request.model,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
  };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) {
      query.set(name, String(value));
    }
  }
  const text = String(url);
  return `${text}${text.includes("?") ? "&" : "?"}${query}`;
}
