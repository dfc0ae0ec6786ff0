import { StreamError, type StreamStatus } from "../client/index.js";

/** What a failure means to the person before the page, and what can be done. */
export interface Advice {
  readonly title: string;
  readonly what: string;
  /** Whether the key is what is missing. */
  readonly wantsKey: boolean;
}

/**
 * @param begun whether a part of the answer has come
 * @param keyed whether a key was sent
 */
export function adviceOn(failure: unknown, begun: boolean, keyed: boolean): Advice {
  const said = failure instanceof Error ? failure.message : String(failure);
  if (!(failure instanceof StreamError)) {
    return advice("Something went wrong in this page", `${said}. Reload it, and try again.`);
  }
  const told = sentence(said);
  if (begun) {
    return brokenOff(failure, told);
  }
  switch (failure.status) {
    case 401:
      return {
        title: keyed ? "The gateway does not know this key" : "The gateway wants a key",
        what: "It is kept for this tab alone, until the tab is closed.",
        wantsKey: true,
      };
    case 403:
      return advice("That is not allowed", told);
    case 404:
      return advice("There is no such model", `${told} Choose another above.`);
    case 413:
      return advice("That is too much at once", `${told} Make it shorter, or take an image out.`);
    case 429:
      return advice("Too many requests", withWait(told, failure.retryAfterMs));
    case 400:
    case 422:
      return advice("The gateway cannot take this request", `${told} Change it, and send it again.`);
    case 502:
    case 503:
    case 504:
    case 529:
      return advice("The model cannot be reached", withWait(told, failure.retryAfterMs));
    case undefined:
      return notBegun(failure, told);
    default:
      return advice(`The gateway answered ${failure.status}`, told);
  }
}

/** What is said while a stream waits to ask again, or to come back; empty of any other status. */
export function noteOn(status: StreamStatus, why: StreamError | undefined): string {
  const told = why === undefined || why.code === "network" ? "The gateway is not reached." : sentence(why.message);
  switch (status) {
    case "retrying":
      return `${told} Asking again\u00a0…`;
    case "resuming":
      return "The connection was lost: coming back to the answer …";
    default:
      return "";
  }
}

function brokenOff(failure: StreamError, told: string): Advice {
  return failure.code === "network" || failure.code === "silence"
    ? advice("The connection was lost", "What came is above. Is the gateway still running?")
    : advice("The answer broke off", `${told} What came is above.`);
}

function notBegun(failure: StreamError, told: string): Advice {
  return failure.code === "network" || failure.code === "silence"
    ? advice("The gateway cannot be reached", "Is it running? ./sluice serve starts it.")
    : advice("There is no answer", told);
}

function advice(title: string, what: string): Advice {
  return { title, what, wantsKey: false };
}

/** What was told and when to try again, which many servers say themselves. */
function withWait(told: string, ms: number | undefined): string {
  return /\b(try|retry)\b.*\b(again|in|after|later)\b/i.test(told) ? told : `${told} ${later(ms)}`;
}

function later(ms: number | undefined): string {
  if (ms === undefined || ms <= 0) {
    return "Try again in a moment.";
  }
  const seconds = Math.ceil(ms / 1000);
  return `Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
