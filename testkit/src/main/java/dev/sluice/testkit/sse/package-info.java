/**
 * Server-sent events for tests: a parser that takes everything, and one that takes only what our
 * writers may write.
 */
@NullMarked
package dev.sluice.testkit.sse;

import org.jspecify.annotations.NullMarked;
