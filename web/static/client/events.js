import { StreamError } from "./failure.js";
/** Reads the data of one frame. */
export function readEvent(data) {
    let value;
    try {
        value = JSON.parse(data);
    }
    catch {
        throw notAnEvent(data);
    }
    if (typeof value !== "object" || value === null || !("type" in value)) {
        throw notAnEvent(data);
    }
    return value;
}
function notAnEvent(data) {
    const shown = data.length > 80 ? `${data.slice(0, 80)}…` : data;
    return new StreamError("malformed", `the stream holds what is no event of Sluice: ${shown}`);
}
