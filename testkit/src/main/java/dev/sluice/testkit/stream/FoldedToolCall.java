package dev.sluice.testkit.stream;

/**
 * One tool call, put together from its fragments.
 *
 * @param id the call's id
 * @param name the tool's name
 * @param arguments the argument text, exactly the fragments in their order; may be empty, or not
 *     JSON when it was cut
 */
public record FoldedToolCall(String id, String name, String arguments) {}
