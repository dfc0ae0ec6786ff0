import { StreamError } from "./failure.js";

/** A piece of the answer's text. */
export interface TokenEvent {
  readonly type: "token";
  readonly text: string;
  /** Which token this is, counted from 1. */
  readonly token_num: number;
}

/** A piece of what the model thinks before it answers. */
export interface ThinkingEvent {
  readonly type: "thinking";
  readonly text: string;
}

/** A piece of a call of a function: its arguments come as the model writes them. */
export interface ToolCallEvent {
  readonly type: "tool_call";
  /** Which call of the answer this is, counted from 0. */
  readonly index: number;
  readonly tool_call_id: string;
  readonly name: string;
  /** The piece of the arguments; all of them together are JSON, unless the answer was cut off. */
  readonly arguments: string;
  /** Whether it was the last piece. */
  readonly complete: boolean;
}

/** The answer is whole. */
export interface DoneEvent {
  readonly type: "done";
  /** "end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal", …; a later gateway may say more. */
  readonly stop_reason: string;
  readonly model?: string;
  readonly usage?: Usage;
  /** Milliseconds to the first token, as the gateway measured them. */
  readonly ttft_ms?: number;
  /** Tokens per second, as the gateway measured them. */
  readonly tps?: number | null;
}

/** The answer broke off. */
export interface ErrorEvent {
  readonly type: "error";
  readonly message: string;
  readonly code: string;
  /** Whose fault it was: "client", "policy", "upstream", "gateway". */
  readonly fault?: string;
  readonly retry_after_ms?: number;
  readonly request_id?: string;
}

/** What the gateway counted; a count that nobody told is absent. */
export interface Usage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  /** The counts are guesses. */
  readonly estimated?: boolean;
  readonly [other: string]: unknown;
}

/** What a stream is made of, with the field names of the wire. A later gateway may say more kinds. */
export type StreamEvent = TokenEvent | ThinkingEvent | ToolCallEvent | DoneEvent | ErrorEvent;

/** Reads the data of one frame. */
export function readEvent(data: string): StreamEvent {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw notAnEvent(data);
  }
  if (typeof value !== "object" || value === null || !("type" in value)) {
    throw notAnEvent(data);
  }
  return value as StreamEvent;
}

function notAnEvent(data: string): StreamError {
  const shown = data.length > 80 ? `${data.slice(0, 80)}…` : data;
  return new StreamError("malformed", `the stream holds what is no event of Sluice: ${shown}`);
}
