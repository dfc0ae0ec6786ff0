import { button, byId, make } from "./dom.js";
/** The list of conversations. */
export class HistoryView {
    #conversations;
    #actions;
    #panel = byId("history");
    #list = byId("history-list");
    #button = byId("history-button");
    #deleteAll = byId("delete-all-button");
    #current = "";
    constructor(conversations, actions) {
        this.#conversations = conversations;
        this.#actions = actions;
        this.#button.addEventListener("click", () => this.toggle());
        this.#deleteAll.addEventListener("click", () => this.#onDeleteAll());
        this.#deleteAll.addEventListener("blur", () => this.#calm());
    }
    toggle(open = this.#panel.hidden) {
        this.#panel.hidden = !open;
        this.#button.setAttribute("aria-expanded", String(open));
        this.show(this.#current);
    }
    /** @param current the id of the conversation that is on the page */
    show(current) {
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
    #note(count) {
        if (!this.#conversations.kept) {
            return "The browser lets this page keep nothing: conversations last until it is closed.";
        }
        return count === 0
            ? "Conversations are kept here, in this browser alone."
            : "Kept in this browser alone, the latest 50.";
    }
    #item(conversation) {
        const { id, title, lines } = conversation;
        const open = button("", "conversation", () => this.#actions.open(conversation));
        open.append(make("span", "title", title), make("span", "models", lines.map((line) => line.model).join(" · ")));
        if (id === this.#current) {
            open.setAttribute("aria-current", "true");
        }
        const remove = button("×", "quiet delete", () => this.#actions.delete(id));
        remove.setAttribute("aria-label", `Delete: ${title}`);
        return make("li", "", open, remove);
    }
    // What cannot be undone is asked for twice.
    #onDeleteAll() {
        if (this.#deleteAll.classList.contains("armed")) {
            this.#actions.delete(undefined);
        }
        else {
            this.#deleteAll.classList.add("armed");
            this.#deleteAll.textContent = `Delete all ${this.#conversations.list().length}?`;
        }
    }
    #calm() {
        this.#deleteAll.classList.remove("armed");
        this.#deleteAll.textContent = "Delete all";
    }
}
