/** Anthropic Messages, in both directions. */
@NullMarked
package dev.sluice.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
