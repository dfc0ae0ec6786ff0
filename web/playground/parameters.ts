import type { StreamRequest } from "../client/index.js";
import { byId } from "./dom.js";
import type { SettingsStore } from "./settings.js";

type Field = "system" | "maxTokens" | "temperature";

/** System prompt, most tokens, temperature: what is empty is the model's own choice. */
export class Parameters {
  readonly #settings: SettingsStore;
  readonly #section = byId("parameters");
  readonly #button = byId("parameters-button");
  readonly #fields: Readonly<Record<Field, HTMLTextAreaElement | HTMLInputElement>> = {
    system: byId<HTMLTextAreaElement>("system"),
    maxTokens: byId<HTMLInputElement>("max-tokens"),
    temperature: byId<HTMLInputElement>("temperature"),
  };

  constructor(settings: SettingsStore) {
    this.#settings = settings;
    this.#button.addEventListener("click", () => this.toggle());
    for (const [name, field] of Object.entries(this.#fields)) {
      field.value = settings.now[name as Field];
      field.addEventListener("input", () => {
        settings.set({ [name]: field.value });
        this.#count();
      });
    }
    this.#count();
  }

  /** Those that are set, as a request has them. */
  get set(): Pick<StreamRequest, "system" | "maxTokens" | "temperature"> {
    const { system, maxTokens, temperature } = this.#settings.now;
    return {
      ...(system.trim() === "" ? {} : { system }),
      ...(maxTokens === "" ? {} : { maxTokens: Number(maxTokens) }),
      ...(temperature === "" ? {} : { temperature: Number(temperature) }),
    };
  }

  toggle(): void {
    this.#show(this.#section.hidden);
    if (!this.#section.hidden) {
      this.#fields.system.focus();
    }
  }

  #show(open: boolean): void {
    this.#section.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
  }

  /** Sets the system prompt that a conversation was begun with. */
  useSystem(system: string): void {
    this.#fields.system.value = system;
    this.#settings.set({ system });
    this.#count();
  }

  /** Whether all are what they can be; the browser shows which is not. */
  check(): boolean {
    const wrong = Object.values(this.#fields).find((field) => !field.checkValidity());
    if (wrong !== undefined) {
      this.#show(true);
      wrong.reportValidity();
    }
    return wrong === undefined;
  }

  #count(): void {
    const set = Object.values(this.#fields).filter((field) => field.value.trim() !== "").length;
    this.#button.textContent = set === 0 ? "Parameters" : `Parameters · ${set}`;
  }
}
