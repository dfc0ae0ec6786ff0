"use client";

import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { StreamRequest } from "./request.js";
import { StreamStore, type StreamState } from "./stream-store.js";
import type { StreamOptions, TextStream } from "./text-stream.js";

export type { StreamState } from "./stream-store.js";

/** A stream as a component sees it. */
export interface UseStream extends StreamState {
  /** Asks; a stream that is still running is stopped first. The same function in every rendering. */
  readonly start: (request: StreamRequest | string, options?: StreamOptions) => TextStream;
  /** Stops the stream. The same function in every rendering. */
  readonly stop: () => void;
}

/**
 * Streams answers into a component. It renders at most once for each picture of the screen, and stops
 * the stream when the component leaves the page.
 *
 * @param defaults options of every start; those that `start` is given come before them
 */
export function useStream(defaults: StreamOptions = {}): UseStream {
  const store = useRef<StreamStore | undefined>(undefined);
  store.current ??= new StreamStore();
  const { subscribe, state } = store.current;
  const latest = useRef(defaults);
  useEffect(() => {
    latest.current = defaults;
  });
  useEffect(() => () => store.current?.stop(), []);
  const start = useCallback(
    (request: StreamRequest | string, options?: StreamOptions) =>
      (store.current as StreamStore).start(request, { ...latest.current, ...options }),
    [],
  );
  const stop = useCallback(() => store.current?.stop(), []);
  return { ...useSyncExternalStore(subscribe, state, state), start, stop };
}
