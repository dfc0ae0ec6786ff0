/** One answer, as it is kept. */
export interface Turn {
  readonly prompt: string;
  /** What the person said that the tools had answered, which the turn before had called. */
  readonly results?: readonly string[];
  /** How many images were with the prompt. */
  readonly images: number;
  /** By which names they are kept, beside the conversations. */
  readonly pictures?: readonly string[];
  readonly text: string;
  readonly thinking: string;
  readonly tools: readonly { readonly id?: string; readonly name: string; readonly arguments: string }[];
  /** Why it ended; "failed" where it broke off. */
  readonly end: string;
}

/** What was said with one model. */
export interface Line {
  readonly model: string;
  readonly turns: readonly Turn[];
}

/** A conversation, with one model or with two side by side. */
export interface Conversation {
  readonly id: string;
  readonly title: string;
  /** When it was last changed, in milliseconds since 1970. */
  readonly at: number;
  readonly system: string;
  readonly lines: readonly Line[];
}

const NAME = "sluice.conversations";
const MOST = 50;
const MOST_CHARACTERS = 2_000_000;

/**
 * The conversations that this browser keeps, newest first: as many as the bounds allow, the oldest
 * leave first. They go nowhere else.
 */
export class Conversations {
  readonly #storage: Storage | undefined;
  #all: Conversation[];

  /** @param storage where to keep them; undefined keeps them while the page is open */
  constructor(storage: Storage | undefined) {
    this.#storage = storage;
    this.#all = read(storage);
  }

  get kept(): boolean {
    return this.#storage !== undefined;
  }

  list(): readonly Conversation[] {
    return this.#all;
  }

  find(id: string): Conversation | undefined {
    return this.#all.find((conversation) => conversation.id === id);
  }

  /** Keeps a conversation in place of the one with its id. */
  put(conversation: Conversation): void {
    this.#reread();
    this.#all = [conversation, ...this.#all.filter((other) => other.id !== conversation.id)];
    this.#write();
  }

  delete(id: string): void {
    this.#reread();
    this.#all = this.#all.filter((conversation) => conversation.id !== id);
    this.#write();
  }

  deleteAll(): void {
    this.#all = [];
    this.#storage?.removeItem(NAME);
  }

  // Another tab may have written since.
  #reread(): void {
    if (this.#storage !== undefined) {
      this.#all = read(this.#storage);
    }
  }

  #write(): void {
    let all = this.#all.slice(0, MOST);
    let json = JSON.stringify(all);
    while (all.length > 1 && json.length > MOST_CHARACTERS) {
      all = all.slice(0, -1);
      json = JSON.stringify(all);
    }
    while (!this.#store(json) && all.length > 0) {
      all = all.slice(0, -1);
      json = JSON.stringify(all);
    }
    this.#all = all;
  }

  /** Whether the browser had room. */
  #store(json: string): boolean {
    try {
      this.#storage?.setItem(NAME, json);
      return true;
    } catch {
      return false;
    }
  }
}

function read(storage: Storage | undefined): Conversation[] {
  try {
    const all: unknown = JSON.parse(storage?.getItem(NAME) ?? "[]");
    return Array.isArray(all) ? all.filter(isConversation) : [];
  } catch {
    return []; // What an older page left, or somebody else: the next write replaces it.
  }
}

function isConversation(value: unknown): value is Conversation {
  const conversation = value as Partial<Conversation> | null;
  return (
    typeof conversation === "object" &&
    conversation !== null &&
    typeof conversation.id === "string" &&
    typeof conversation.title === "string" &&
    Array.isArray(conversation.lines) &&
    conversation.lines.every((line) => typeof line?.model === "string" && Array.isArray(line.turns))
  );
}

/** The names of all images of some conversations. */
export function picturesOf(conversations: readonly Conversation[]): string[] {
  const turns = conversations.flatMap(({ lines }) => lines.flatMap((line) => line.turns));
  return [...new Set(turns.flatMap((turn) => turn.pictures ?? []))];
}

/** The first words of a prompt. */
export function titleOf(prompt: string): string {
  const line = prompt.trim().replaceAll(/\s+/g, " ");
  return line.length <= 60 ? line : `${line.slice(0, 59).trimEnd()}…`;
}
