/** Ollama's own API, in both directions. */
@NullMarked
package dev.sluice.dialect.ollama;

import org.jspecify.annotations.NullMarked;
