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

/** The model calls a function. */
export interface ToolCallEvent {
  readonly type: "tool_call";
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: JSON, unless it was cut off. */
  readonly arguments: string;
}

/** The answer is whole. */
export interface DoneEvent {
  readonly type: "done";
  readonly stop_reason: string;
  readonly usage?: Usage;
  /** Milliseconds to the first token, as the gateway measured them. */
  readonly ttft_ms?: number;
  /** Tokens per second, as the gateway measured them. */
  readonly tps?: number;
}

/** The answer broke off. */
export interface ErrorEvent {
  readonly type: "error";
  readonly message: string;
  readonly code: string;
}

/** What the gateway counted; a count that nobody told is absent. */
export interface Usage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
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
