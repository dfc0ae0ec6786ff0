import type { StreamRequest } from "../client/index.js";
import { byId } from "./dom.js";
import type { SettingsStore } from "./settings.js";
import { EXAMPLE, readTools } from "./tools.js";

type Field = "system" | "maxTokens" | "temperature" | "tools";

/** What of a request the person sets beside the prompt. */
export type Chosen = Pick<StreamRequest, "system" | "maxTokens" | "temperature" | "extra">;

/** System prompt, most tokens, temperature, tools: what is empty is the model's own choice. */
export class Parameters {
  readonly #settings: SettingsStore;
  readonly #section = byId("parameters");
  readonly #button = byId("parameters-button");
  readonly #fields: Readonly<Record<Field, HTMLTextAreaElement | HTMLInputElement>> = {
    system: byId<HTMLTextAreaElement>("system"),
    maxTokens: byId<HTMLInputElement>("max-tokens"),
    temperature: byId<HTMLInputElement>("temperature"),
    tools: byId<HTMLTextAreaElement>("tools"),
  };
  readonly #problem = byId("tools-problem");

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
    this.#fields.tools.addEventListener("change", () => this.#checkTools());
    byId("tools-example").addEventListener("click", () => this.#example());
    this.#count();
  }

  #example(): void {
    this.#fields.tools.value = EXAMPLE;
    this.#settings.set({ tools: EXAMPLE });
    this.#checkTools();
    this.#count();
    this.#fields.tools.focus();
    this.#fields.tools.setSelectionRange(0, 0);
    this.#fields.tools.scrollTop = 0;
  }

  /** Those that are set, as a request has them. */
  get set(): Chosen {
    const { system, maxTokens, temperature } = this.#settings.now;
    const tools = this.#checkTools() ? readTools(this.#settings.now.tools) : [];
    return {
      ...(system.trim() === "" ? {} : { system }),
      ...(maxTokens === "" ? {} : { maxTokens: Number(maxTokens) }),
      ...(temperature === "" ? {} : { temperature: Number(temperature) }),
      ...(tools.length === 0 ? {} : { extra: { tools } }),
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
    if (!this.#checkTools()) {
      this.#show(true);
      this.#fields.tools.focus();
      return false;
    }
    const wrong = Object.values(this.#fields).find((field) => !field.checkValidity());
    if (wrong !== undefined) {
      this.#show(true);
      wrong.reportValidity();
    }
    return wrong === undefined;
  }

  /** Whether the tools can be read; what is wrong is said beneath them. */
  #checkTools(): boolean {
    let problem = "";
    try {
      readTools(this.#fields.tools.value);
    } catch (failure) {
      problem = (failure as Error).message;
    }
    this.#problem.textContent = problem;
    this.#fields.tools.setAttribute("aria-invalid", String(problem !== ""));
    return problem === "";
  }

  #count(): void {
    const set = Object.values(this.#fields).filter((field) => field.value.trim() !== "").length;
    this.#button.textContent = set === 0 ? "Parameters" : `Parameters · ${set}`;
  }
}
