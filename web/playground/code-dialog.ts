import { byId, copy, make } from "./dom.js";
import { LANGUAGES, snippet, type Asked, type Language } from "./snippets.js";

/** Shows a request as programs. */
export class CodeDialog {
  readonly #dialog = byId<HTMLDialogElement>("code-dialog");
  readonly #text = byId("code-text");
  readonly #tabs: readonly HTMLButtonElement[];
  #asked: Asked | undefined;

  constructor() {
    const bar = byId("code-tabs");
    this.#tabs = LANGUAGES.map((language) => this.#tab(language));
    bar.append(...this.#tabs);
    bar.addEventListener("keydown", (event) => this.#onKey(event));
    byId("code-close").addEventListener("click", () => this.#dialog.close());
    const copyButton = byId<HTMLButtonElement>("code-copy");
    copyButton.addEventListener("click", () => void copy(this.#text.textContent ?? "", copyButton));
  }

  #tab(language: Language): HTMLButtonElement {
    const tab = make("button", "tab", language);
    tab.type = "button";
    tab.id = `code-tab-${language}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", "code-text");
    tab.addEventListener("click", () => this.#choose(language));
    return tab;
  }

  open(asked: Asked): void {
    this.#asked = asked;
    this.#choose("curl");
    this.#dialog.showModal();
  }

  #choose(language: Language): void {
    for (const tab of this.#tabs) {
      const chosen = tab.textContent === language;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.#text.setAttribute("aria-labelledby", `code-tab-${language}`);
    this.#text.textContent = this.#asked === undefined ? "" : snippet(language, this.#asked);
  }

  #onKey(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      const now = this.#tabs.findIndex((tab) => tab.tabIndex === 0);
      const next = this.#tabs[(now + step + this.#tabs.length) % this.#tabs.length];
      next?.click();
      next?.focus();
      event.preventDefault();
    }
  }
}
