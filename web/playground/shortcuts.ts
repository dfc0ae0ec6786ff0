import { make } from "./dom.js";

/** Keys and what they do; those without an act belong to a field. */
export interface Shortcut {
  /** "Esc", "Alt N", or a single character, which acts only outside of fields. */
  readonly keys: string;
  readonly does: string;
  readonly act?: () => void;
}

/** Acts on shortcuts anywhere in the page. An open dialog has its own Esc. */
export function onShortcut(shortcuts: readonly Shortcut[]): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") !== null) {
      return;
    }
    const shortcut = shortcuts.find(({ keys, act }) => act !== undefined && matches(event, keys));
    if (shortcut !== undefined) {
      event.preventDefault();
      shortcut.act?.();
    }
  });
}

function matches(event: KeyboardEvent, keys: string): boolean {
  if (event.ctrlKey || event.metaKey) {
    return false;
  }
  if (keys.startsWith("Alt ")) {
    // The key, not the character: with Alt, some keyboards make another one of it.
    return event.altKey && event.code === `Key${keys.slice(4)}`;
  }
  if (event.altKey) {
    return false;
  }
  return keys === "Esc" ? event.key === "Escape" : event.key === keys && !inField(event.target);
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select") !== null;
}

/** Lists the shortcuts. */
export function showShortcuts(list: HTMLElement, shortcuts: readonly Shortcut[]): void {
  list.replaceChildren(
    ...shortcuts.map(({ keys, does }) =>
      make(
        "div",
        "",
        make("dt", "", ...keys.split(" ").map((key) => make("kbd", "", key))),
        make("dd", "", does),
      ),
    ),
  );
}
