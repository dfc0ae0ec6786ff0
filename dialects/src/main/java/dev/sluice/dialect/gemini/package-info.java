/** Google's Gemini API, in both directions. */
@NullMarked
package dev.sluice.dialect.gemini;

import org.jspecify.annotations.NullMarked;
