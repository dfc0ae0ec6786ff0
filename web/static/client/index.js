export { StreamError } from "./failure.js";
export {} from "./request.js";
export { FrameTooLong, SseParser } from "./sse.js";
export { streamText } from "./stream.js";
