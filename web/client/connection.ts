import type { Frame } from "./sse.js";

/** What one connection hears. */
export interface Listener {
  /** The gateway has answered with a stream. */
  onOpen(): void;
  /** A frame has come; true says that it was the last one wanted. */
  onFrame(frame: Frame): boolean;
}

/** The way to a gateway, for one stream. */
export interface Connection {
  /**
   * One try to hear the stream, from its start or from behind the frame with id `lastEventId`. It
   * returns when the listener has what it wanted, or when the gateway says that nothing is left to hear
   * (204); it throws a StreamError, or the signal's reason.
   */
  hear(lastEventId: string, listener: Listener, signal: AbortSignal): Promise<void>;
  /** Tells the gateway that nobody wants more of the stream that the frame with id `lastEventId` is of. */
  stop(lastEventId: string): Promise<void>;
}

/**
 * Asks the gateway to stop a stream, even where the page is about to be left. What comes of it matters
 * to nobody here: the stream may have ended by itself, and one that cannot be stopped ends with its
 * `resume.window`.
 */
export async function sendStop(
  send: typeof fetch,
  url: string | URL,
  lastEventId: string,
  headersOf: () => Headers | Promise<Headers>,
  credentials: RequestCredentials,
): Promise<void> {
  try {
    const headers = await headersOf();
    headers.set("last-event-id", lastEventId);
    const answer = await send(url, { method: "DELETE", headers, credentials, keepalive: true });
    await answer.body?.cancel();
  } catch {
    // The gateway is not reached, or there are no headers to ask it with.
  }
}
