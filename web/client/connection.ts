import type { Frame } from "./sse.js";

/** What one connection hears. */
export interface Listener {
  /** The gateway has answered with a stream. */
  onOpen(): void;
  /** A frame has come; true says that it was the last one wanted. */
  onFrame(frame: Frame): boolean;
}

/**
 * One try to hear a stream, from its start or from behind the frame with id `lastEventId`. It returns
 * when the listener has what it wanted, or when the gateway says that nothing is left to hear (204);
 * it throws a StreamError, or the signal's reason.
 */
export type Connection = (
  lastEventId: string,
  listener: Listener,
  signal: AbortSignal,
) => Promise<void>;
