/** Model files that are written by tests, so that no model needs to be fetched. */
@NullMarked
package dev.sluice.testkit.gguf;

import org.jspecify.annotations.NullMarked;
