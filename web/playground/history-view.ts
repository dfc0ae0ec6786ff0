import type { Conversation, Conversations } from "./conversations.js";
import { button, byId, make } from "./dom.js";

/** What a person can do with the conversations that are kept. */
export interface HistoryActions {
  open(conversation: Conversation): void;
  /** Deletes a conversation; all of them, if it is not said which. */
  delete(id: string | undefined): void;
}

/** The list of conversations. */
export class HistoryView {
  readonly #conversations: Conversations;
  readonly #actions: HistoryActions;
  readonly #panel = byId("history");
  readonly #list = byId("history-list");
  readonly #button = byId("history-button");
  readonly #deleteAll = byId<HTMLButtonElement>("delete-all-button");
  #current = "";

  constructor(conversations: Conversations, actions: HistoryActions) {
    this.#conversations = conversations;
    this.#actions = actions;
    this.#button.addEventListener("click", () => this.toggle());
    this.#deleteAll.addEventListener("click", () => this.#onDeleteAll());
    this.#deleteAll.addEventListener("blur", () => this.#calm());
  }

  toggle(open = this.#panel.hidden): void {
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    this.show(this.#current);
  }

  /** @param current the id of the conversation that is on the page */
  show(current: string): void {
    this.#current = current;
    if (this.#panel.hidden) {
      return;
    }
    const all = this.#conversations.list();
    this.#list.replaceChildren(...all.map((conversation) => this.#item(conversation)));
    byId("history-note").textContent = this.#note(all.length);
    this.#deleteAll.hidden = all.length === 0;
    this.#calm();
  }

  #note(count: number): string {
    if (!this.#conversations.kept) {
      return "The browser lets this page keep nothing: conversations last until it is closed.";
    }
    return count === 0
      ? "Conversations are kept here, in this browser alone."
      : "Kept in this browser alone, the latest 50.";
  }

  #item(conversation: Conversation): HTMLElement {
    const { id, title, lines } = conversation;
    const open = button("", "conversation", () => this.#actions.open(conversation));
    open.append(
      make("span", "title", title),
      make("span", "models", lines.map((line) => line.model).join(" · ")),
    );
    if (id === this.#current) {
      open.setAttribute("aria-current", "true");
    }
    const remove = button("×", "quiet delete", () => this.#actions.delete(id));
    remove.setAttribute("aria-label", `Delete: ${title}`);
    return make("li", "", open, remove);
  }

  // What cannot be undone is asked for twice.
  #onDeleteAll(): void {
    if (this.#deleteAll.classList.contains("armed")) {
      this.#actions.delete(undefined);
    } else {
      this.#deleteAll.classList.add("armed");
      this.#deleteAll.textContent = `Delete all ${this.#conversations.list().length}?`;
    }
  }

  #calm(): void {
    this.#deleteAll.classList.remove("armed");
    this.#deleteAll.textContent = "Delete all";
  }
}
