import { byId } from "./dom.js";
/** Asks for the client's key. */
export class KeyDialog {
    #dialog = byId("key-dialog");
    #field = byId("key");
    #key;
    constructor(key, use) {
        this.#key = key;
        byId("key-cancel").addEventListener("click", () => this.#dialog.close());
        this.#dialog.addEventListener("close", () => {
            const given = this.#field.value;
            this.#field.value = "";
            if (this.#dialog.returnValue === "use") {
                use(given);
            }
        });
    }
    open() {
        this.#dialog.returnValue = "";
        this.#field.value = this.#key.now;
        this.#dialog.showModal();
    }
}
