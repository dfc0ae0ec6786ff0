/** Puts calls together from their pieces. */
export class ToolCalls {
    #calls = new Map();
    /** Takes the next piece; the call so far. */
    add(piece) {
        const call = {
            id: piece.tool_call_id,
            name: piece.name,
            arguments: (this.#calls.get(piece.index)?.arguments ?? "") + piece.arguments,
            complete: piece.complete,
        };
        this.#calls.set(piece.index, call);
        return call;
    }
    /** All of them, in the order in which they began. */
    list() {
        return [...this.#calls.values()];
    }
}
