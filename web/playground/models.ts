import { StreamError } from "../client/index.js";
import { make } from "./dom.js";

const OTHER = "\u0000other";

/** The models that the gateway lists. */
export async function listModels(key: string): Promise<string[]> {
  let response: Response;
  try {
    response = await fetch("v1/models", {
      headers: key === "" ? {} : { authorization: `Bearer ${key}` },
    });
  } catch (cause) {
    throw new StreamError("network", "the gateway was not reached", { cause });
  }
  if (!response.ok) {
    throw await StreamError.ofResponse(response);
  }
  const list = (await response.json()) as { data?: { id?: unknown }[] };
  return (list.data ?? []).flatMap((model) => (typeof model.id === "string" ? [model.id] : []));
}

/**
 * The model that is asked when nobody has chosen: a real one if there is any, and another one than those
 * that are `taken`. Empty where no models are known: then the gateway chooses.
 */
export function firstModel(models: readonly string[], taken: readonly string[] = []): string {
  const free = models.filter((model) => !taken.includes(model));
  return free.find((model) => !model.startsWith("simulated/")) ?? free[0] ?? models[0] ?? "";
}

/** Chooses a model: one of the list, grouped by provider, or any name. */
export class ModelPicker {
  readonly element = make("div", "picker");
  readonly #select = make("select");
  readonly #name = make("input");
  readonly #onChange: () => void;
  #model = "";

  constructor(label: string, onChange: () => void) {
    this.#onChange = onChange;
    this.#select.setAttribute("aria-label", label);
    this.#name.setAttribute("aria-label", `${label}: its name`);
    this.#name.placeholder = "provider/model";
    this.#name.spellcheck = false;
    this.#name.autocapitalize = "off";
    this.#name.hidden = true;
    this.#select.addEventListener("change", () => this.#onSelect());
    this.#name.addEventListener("change", () => this.#choose(this.#name.value.trim()));
    this.element.append(this.#select, this.#name);
  }

  get model(): string {
    return this.#model;
  }

  focus(): void {
    this.#select.focus();
  }

  /** Shows what there is, and which is chosen. */
  show(models: readonly string[], chosen: string): void {
    this.#model = chosen;
    const groups = new Map<string, string[]>();
    for (const model of models.includes(chosen) || chosen === "" ? models : [chosen, ...models]) {
      const slash = model.indexOf("/");
      const provider = slash < 0 ? "" : model.slice(0, slash);
      groups.set(provider, [...(groups.get(provider) ?? []), model]);
    }
    this.#select.replaceChildren(...(chosen === "" ? [new Option("The gateway’s choice", "")] : []));
    for (const [provider, names] of groups) {
      const options = names.map((name) => new Option(name, name, false, name === chosen));
      if (provider === "") {
        this.#select.append(...options);
      } else {
        const group = make("optgroup", "", ...options);
        group.label = provider;
        this.#select.append(group);
      }
    }
    this.#select.append(new Option("Another name …", OTHER));
    this.#select.value = chosen;
    this.#name.hidden = true;
  }

  #onSelect(): void {
    const other = this.#select.value === OTHER;
    this.#name.hidden = !other;
    if (other) {
      this.#name.value = this.#model;
      this.#name.focus();
      this.#name.select();
    } else {
      this.#choose(this.#select.value);
    }
  }

  #choose(model: string): void {
    if (model !== "" && model !== this.#model) {
      this.#model = model;
      this.#onChange();
    }
  }
}
