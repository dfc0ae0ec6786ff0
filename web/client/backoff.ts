/** How often, and after which time, something is tried again. */
export interface Backoff {
  /** Tries after the first one; 0 never tries again. */
  readonly tries: number;
  /** The first wait in milliseconds; each further one is twice as long, and somewhat random. */
  readonly firstMs: number;
  /** The longest wait. */
  readonly mostMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { tries: 3, firstMs: 400, mostMs: 8_000 };

/** The wait before try number `n` (from 1): between half of its length and all of it. */
export function waitBefore(n: number, backoff: Backoff, random = Math.random()): number {
  const whole = Math.min(backoff.mostMs, backoff.firstMs * 2 ** (n - 1));
  return whole / 2 + (whole / 2) * random;
}

/** Waits; rejects with the signal's reason when that comes first. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", aborted);
      resolve();
    }, ms);
    if (signal.aborted) {
      aborted();
    } else {
      signal.addEventListener("abort", aborted, { once: true });
    }
  });
}
