const NAME = "sluice.conversations";
const MOST = 50;
const MOST_CHARACTERS = 2_000_000;
/**
 * The conversations that this browser keeps, newest first: as many as the bounds allow, the oldest
 * leave first. They go nowhere else.
 */
export class Conversations {
    #storage;
    #all;
    /** @param storage where to keep them; undefined keeps them while the page is open */
    constructor(storage) {
        this.#storage = storage;
        this.#all = read(storage);
    }
    get kept() {
        return this.#storage !== undefined;
    }
    list() {
        return this.#all;
    }
    find(id) {
        return this.#all.find((conversation) => conversation.id === id);
    }
    /** Keeps a conversation in place of the one with its id. */
    put(conversation) {
        this.#reread();
        this.#all = [conversation, ...this.#all.filter((other) => other.id !== conversation.id)];
        this.#write();
    }
    delete(id) {
        this.#reread();
        this.#all = this.#all.filter((conversation) => conversation.id !== id);
        this.#write();
    }
    deleteAll() {
        this.#all = [];
        this.#storage?.removeItem(NAME);
    }
    // Another tab may have written since.
    #reread() {
        if (this.#storage !== undefined) {
            this.#all = read(this.#storage);
        }
    }
    #write() {
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
    #store(json) {
        try {
            this.#storage?.setItem(NAME, json);
            return true;
        }
        catch {
            return false;
        }
    }
}
function read(storage) {
    try {
        const all = JSON.parse(storage?.getItem(NAME) ?? "[]");
        return Array.isArray(all) ? all.filter(isConversation) : [];
    }
    catch {
        return []; // What an older page left, or somebody else: the next write replaces it.
    }
}
function isConversation(value) {
    const conversation = value;
    return (typeof conversation === "object" &&
        conversation !== null &&
        typeof conversation.id === "string" &&
        typeof conversation.title === "string" &&
        Array.isArray(conversation.lines) &&
        conversation.lines.every((line) => typeof line?.model === "string" && Array.isArray(line.turns)));
}
/** The names of all images of some conversations. */
export function picturesOf(conversations) {
    const turns = conversations.flatMap(({ lines }) => lines.flatMap((line) => line.turns));
    return [...new Set(turns.flatMap((turn) => turn.pictures ?? []))];
}
/** The first words of a prompt. */
export function titleOf(prompt) {
    const line = prompt.trim().replaceAll(/\s+/g, " ");
    return line.length <= 60 ? line : `${line.slice(0, 59).trimEnd()}…`;
}
