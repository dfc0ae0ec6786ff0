const NAME = "sluice.settings";
const KEY = "sluice.key";
const FIRST = {
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
export function storageOf(name) {
    try {
        return globalThis[name];
    }
    catch {
        return undefined;
    }
}
/** Settings in a storage; without one they last while the page is open. */
export class SettingsStore {
    #storage;
    #now;
    constructor(storage) {
        this.#storage = storage;
        this.#now = { ...FIRST, ...read(storage) };
    }
    get now() {
        return this.#now;
    }
    set(change) {
        this.#now = { ...this.#now, ...change };
        try {
            this.#storage?.setItem(NAME, JSON.stringify(this.#now));
        }
        catch {
            // No room: they last while the page is open.
        }
    }
}
function read(storage) {
    try {
        const value = JSON.parse(storage?.getItem(NAME) ?? "{}");
        const known = Object.entries(FIRST).filter(([name, first]) => typeof value[name] === typeof first && Array.isArray(value[name]) === Array.isArray(first));
        return Object.fromEntries(known.map(([name]) => [name, value[name]]));
    }
    catch {
        return {};
    }
}
/** The client's key, for this tab alone. */
export class Key {
    #storage;
    #now;
    constructor(storage) {
        this.#storage = storage;
        this.#now = storage?.getItem(KEY) ?? "";
    }
    get now() {
        return this.#now;
    }
    set(key) {
        this.#now = key.trim();
        if (this.#now === "") {
            this.#storage?.removeItem(KEY);
        }
        else {
            this.#storage?.setItem(KEY, this.#now);
        }
    }
}
