/** Tests of grammars, with a matcher and a writer of their own. */
@NullMarked
package dev.sluice.llama.grammar;

import org.jspecify.annotations.NullMarked;
