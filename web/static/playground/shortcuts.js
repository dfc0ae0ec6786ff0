import { make } from "./dom.js";
/** Acts on shortcuts anywhere in the page. An open dialog has its own Esc. */
export function onShortcut(shortcuts) {
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
function matches(event, keys) {
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
function inField(target) {
    return target instanceof HTMLElement && target.closest("input, textarea, select") !== null;
}
/** Lists the shortcuts. */
export function showShortcuts(list, shortcuts) {
    list.replaceChildren(...shortcuts.map(({ keys, does }) => make("div", "", make("dt", "", ...keys.split(" ").map((key) => make("kbd", "", key))), make("dd", "", does))));
}
