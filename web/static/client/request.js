/** The JSON that POST sends. */
export function bodyOf(request) {
    const { prompt, messages, system, model, maxTokens, temperature, extra } = request;
    return JSON.stringify({
        prompt,
        messages,
        system,
        model,
        max_tokens: maxTokens,
        temperature,
        ...extra,
    });
}
/** The address that GET asks. */
export function addressOf(url, request) {
    if (request.messages !== undefined || request.extra !== undefined) {
        throw new TypeError("EventSource carries a prompt only: use transport \"fetch\" for the rest");
    }
    const query = new URLSearchParams();
    const fields = {
        prompt: request.prompt,
        system: request.system,
        model: request.model,
        max_tokens: request.maxTokens,
        temperature: request.temperature,
    };
    for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined) {
            query.set(name, String(value));
        }
    }
    const text = String(url);
    return `${text}${text.includes("?") ? "&" : "?"}${query}`;
}
