import { byId } from "./dom.js";
import type { Key } from "./settings.js";

/** Asks for the client's key. */
export class KeyDialog {
  readonly #dialog = byId<HTMLDialogElement>("key-dialog");
  readonly #field = byId<HTMLInputElement>("key");
  readonly #key: Key;

  constructor(key: Key, use: (key: string) => void) {
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

  open(): void {
    this.#dialog.returnValue = "";
    this.#field.value = this.#key.now;
    this.#dialog.showModal();
  }
}
