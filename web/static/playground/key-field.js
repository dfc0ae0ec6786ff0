import { make } from "./dom.js";
/** A field for a key, with a button that uses it. */
export function keyField(use) {
    const input = make("input");
    input.type = "password";
    input.autocomplete = "off";
    input.required = true;
    input.setAttribute("aria-label", "A client key of this gateway");
    input.placeholder = "Client key";
    const submit = make("button", "send", "Use it");
    const form = make("form", "key-field", input, submit);
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        use(input.value);
    });
    return form;
}
