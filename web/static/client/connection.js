/**
 * Asks the gateway to stop a stream, even where the page is about to be left. What comes of it matters
 * to nobody here: the stream may have ended by itself, and one that cannot be stopped ends with its
 * `resume.window`.
 */
export async function sendStop(send, url, lastEventId, headersOf, credentials) {
    try {
        const headers = await headersOf();
        headers.set("last-event-id", lastEventId);
        const answer = await send(url, { method: "DELETE", headers, credentials, keepalive: true });
        await answer.body?.cancel();
    }
    catch {
        // The gateway is not reached, or there are no headers to ask it with.
    }
}
