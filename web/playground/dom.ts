/** The element of the page with this id; the page and its script belong together. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`the page has no #${id}`);
  }
  return element as T;
}

/** A new element with a class and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") {
    element.className = className;
  }
  element.append(...children);
  return element;
}

/** A new button that does something. */
export function button(label: string, className: string, onClick: () => void): HTMLButtonElement {
  const element = make("button", className, label);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

/** Does `work` once before the next picture, however often it is asked to; where there is none, soon. */
export function eachFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) {
      return;
    }
    asked = true;
    const run = () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      asked = false;
      work();
    };
    // A page that is not shown gets no frames, and must not gather without end.
    const timer = setTimeout(run, 250);
    const frame = requestAnimationFrame(run);
  };
}

/** Copies text, and says on the button whether that went well. */
export async function copy(text: string, from: HTMLButtonElement): Promise<void> {
  const label = from.dataset["label"] ?? from.textContent ?? "";
  from.dataset["label"] = label;
  try {
    await navigator.clipboard.writeText(text);
    from.textContent = "Copied";
  } catch {
    from.textContent = "Not allowed: select and copy";
  }
  setTimeout(() => (from.textContent = label), 1_500);
}
