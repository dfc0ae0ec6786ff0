import type { ToolCallEvent } from "./events.js";

/** A call of a function, whole or as far as it came. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: JSON, when the call is complete. */
  readonly arguments: string;
  readonly complete: boolean;
}

/** Puts calls together from their pieces. */
export class ToolCalls {
  readonly #calls = new Map<number, ToolCall>();

  /** Takes the next piece; the call so far. */
  add(piece: ToolCallEvent): ToolCall {
    const call = {
      id: piece.tool_call_id,
      name: piece.name,
      arguments: (this.#calls.get(piece.index)?.arguments ?? "") + piece.arguments,
      complete: piece.complete,
    };
    this.#calls.set(piece.index, call);
    return call;
  }

  /** All of them, in the order in which they began. */
  list(): ToolCall[] {
    return [...this.#calls.values()];
  }
}
