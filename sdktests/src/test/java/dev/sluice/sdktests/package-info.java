/**
 * The vendors' own client libraries, as users have them, through a real gateway to upstreams that
 * speak each vendor's format.
 *
 * <p>A test asks a {@link dev.sluice.sdktests.Question} through one of the four {@link
 * dev.sluice.sdktests.Pair}s and looks at what the library made of the answer, a {@link
 * dev.sluice.sdktests.Heard}. A {@link dev.sluice.sdktests.Rig} joins the three parties; when it is
 * closed, everything that reached the upstream is held against the laws of the upstream's format
 * ({@link dev.sluice.sdktests.OpenAiLaw}, {@link dev.sluice.sdktests.AnthropicLaw}). The libraries
 * check every answer against their own models.
 */
@NullMarked
package dev.sluice.sdktests;

import org.jspecify.annotations.NullMarked;
