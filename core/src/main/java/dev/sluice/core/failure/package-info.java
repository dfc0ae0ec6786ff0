/** Failures as values: what went wrong, whose fault it was, whether trying again can help. */
@NullMarked
package dev.sluice.core.failure;

import org.jspecify.annotations.NullMarked;
