import { readPicture } from "./images.js";
const NAME = "sluice.pictures";
const STORE = "pictures";
const MOST_BYTES = 100_000_000;
/** What another page may be asking with, and has not put into a conversation yet. */
const YOUNG_MS = 3_600_000;
/**
 * The images of the conversations that this browser keeps. Where the browser lets the page keep none,
 * they last while the page is open.
 */
export class PictureStore {
    #database = open();
    /** Keeps an image by its name. */
    async put(picture) {
        const kept = { file: picture.file, at: Date.now() };
        await this.#work("readwrite", (store) => store.put(kept, picture.id));
    }
    /** Those of these images that are kept, by their names. */
    async load(ids) {
        const found = new Map();
        for (const id of ids) {
            const kept = await this.#kept(id);
            // One that the browser can read no more is as one that is not kept.
            const picture = kept && (await readPicture(kept.file, id).catch(() => undefined));
            if (picture !== undefined) {
                found.set(id, picture);
            }
        }
        return found;
    }
    /** Forgets all images but these, of which the first are kept as far as the bound allows. */
    async keepOnly(ids) {
        const wanted = new Map(ids.map((id, place) => [id, place]));
        const keys = (await this.#work("readonly", (store) => store.getAllKeys())) ?? [];
        const order = keys.map(String).sort((a, b) => (wanted.get(a) ?? Infinity) - (wanted.get(b) ?? Infinity) || 0);
        let bytes = 0;
        for (const id of order) {
            const kept = await this.#kept(id);
            bytes += kept?.file.size ?? 0;
            const old = Date.now() - (kept?.at ?? 0) > YOUNG_MS;
            if (bytes > MOST_BYTES || (!wanted.has(id) && old)) {
                await this.#work("readwrite", (store) => store.delete(id));
            }
        }
    }
    /** Forgets these images. */
    async forget(ids) {
        for (const id of ids) {
            await this.#work("readwrite", (store) => store.delete(id));
        }
    }
    #kept(id) {
        return this.#work("readonly", (store) => store.get(id));
    }
    /** What comes of one piece of work; undefined where nothing is kept or the browser has no room. */
    async #work(mode, work) {
        const database = await this.#database;
        if (database === undefined) {
            return undefined;
        }
        return new Promise((resolve) => {
            const transaction = database.transaction(STORE, mode);
            const request = work(transaction.objectStore(STORE));
            transaction.oncomplete = () => resolve(request.result);
            // No room, most likely: then an image is said not to be kept when its conversation is opened.
            transaction.onabort = () => resolve(undefined);
        });
    }
}
function open() {
    return new Promise((resolve) => {
        try {
            const request = indexedDB.open(NAME, 1);
            request.onupgradeneeded = () => request.result.createObjectStore(STORE);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => resolve(undefined);
        }
        catch {
            resolve(undefined); // A browser that keeps nothing throws at the mere word.
        }
    });
}
