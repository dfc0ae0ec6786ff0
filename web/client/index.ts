export type { Backoff } from "./backoff.js";
export type {
  DoneEvent,
  ErrorEvent,
  StreamEvent,
  ThinkingEvent,
  TokenEvent,
  ToolCallEvent,
  Usage,
} from "./events.js";
export { StreamError, type FailureCode, type FailureDetails } from "./failure.js";
export { type Message, type Part, type StreamRequest } from "./request.js";
export { FrameTooLong, SseParser, type Frame } from "./sse.js";
export { streamText } from "./stream.js";
export type { Answer, Metrics, StreamOptions, StreamStatus, TextStream } from "./text-stream.js";
export type { ToolCall } from "./tool-calls.js";
