import { byId } from "./dom.js";
/** System prompt, most tokens, temperature: what is empty is the model's own choice. */
export class Parameters {
    #settings;
    #section = byId("parameters");
    #button = byId("parameters-button");
    #fields = {
        system: byId("system"),
        maxTokens: byId("max-tokens"),
        temperature: byId("temperature"),
    };
    constructor(settings) {
        this.#settings = settings;
        this.#button.addEventListener("click", () => this.toggle());
        for (const [name, field] of Object.entries(this.#fields)) {
            field.value = settings.now[name];
            field.addEventListener("input", () => {
                settings.set({ [name]: field.value });
                this.#count();
            });
        }
        this.#count();
    }
    /** Those that are set, as a request has them. */
    get set() {
        const { system, maxTokens, temperature } = this.#settings.now;
        return {
            ...(system.trim() === "" ? {} : { system }),
            ...(maxTokens === "" ? {} : { maxTokens: Number(maxTokens) }),
            ...(temperature === "" ? {} : { temperature: Number(temperature) }),
        };
    }
    toggle() {
        this.#show(this.#section.hidden);
        if (!this.#section.hidden) {
            this.#fields.system.focus();
        }
    }
    #show(open) {
        this.#section.hidden = !open;
        this.#button.setAttribute("aria-expanded", String(open));
    }
    /** Sets the system prompt that a conversation was begun with. */
    useSystem(system) {
        this.#fields.system.value = system;
        this.#settings.set({ system });
        this.#count();
    }
    /** Whether all are what they can be; the browser shows which is not. */
    check() {
        const wrong = Object.values(this.#fields).find((field) => !field.checkValidity());
        if (wrong !== undefined) {
            this.#show(true);
            wrong.reportValidity();
        }
        return wrong === undefined;
    }
    #count() {
        const set = Object.values(this.#fields).filter((field) => field.value.trim() !== "").length;
        this.#button.textContent = set === 0 ? "Parameters" : `Parameters · ${set}`;
    }
}
