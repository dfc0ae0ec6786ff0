const NAME = "sluice.settings";
const KEY = "sluice.key";

/** What the page remembers of how it was used. */
export interface Settings {
  readonly models: readonly string[];
  readonly compare: boolean;
  readonly wire: boolean;
  readonly theme: string;
  readonly system: string;
  readonly maxTokens: string;
  readonly temperature: string;
  /** The tools that the model may call, as the person wrote them. */
  readonly tools: string;
}

const FIRST: Settings = {
  models: [],
  compare: false,
  wire: false,
  theme: "",
  system: "",
  maxTokens: "",
  temperature: "",
  tools: "",
};

/** A storage of the browser; undefined where it does not let this page have one. */
export function storageOf(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return globalThis[name];
  } catch {
    return undefined;
  }
}

/** Settings in a storage; without one they last while the page is open. */
export class SettingsStore {
  readonly #storage: Storage | undefined;
  #now: Settings;

  constructor(storage: Storage | undefined) {
    this.#storage = storage;
    this.#now = { ...FIRST, ...read(storage) };
  }

  get now(): Settings {
    return this.#now;
  }

  set(change: Partial<Settings>): void {
    this.#now = { ...this.#now, ...change };
    try {
      this.#storage?.setItem(NAME, JSON.stringify(this.#now));
    } catch {
      // No room: they last while the page is open.
    }
  }
}

function read(storage: Storage | undefined): Partial<Settings> {
  try {
    const value = JSON.parse(storage?.getItem(NAME) ?? "{}") as Record<string, unknown>;
    const known = Object.entries(FIRST).filter(
      ([name, first]) =>
        typeof value[name] === typeof first && Array.isArray(value[name]) === Array.isArray(first),
    );
    return Object.fromEntries(known.map(([name]) => [name, value[name]]));
  } catch {
    return {};
  }
}

/** The client's key, for this tab alone. */
export class Key {
  readonly #storage: Storage | undefined;
  #now: string;

  constructor(storage: Storage | undefined) {
    this.#storage = storage;
    this.#now = storage?.getItem(KEY) ?? "";
  }

  get now(): string {
    return this.#now;
  }

  set(key: string): void {
    this.#now = key.trim();
    if (this.#now === "") {
      this.#storage?.removeItem(KEY);
    } else {
      this.#storage?.setItem(KEY, this.#now);
    }
  }
}
