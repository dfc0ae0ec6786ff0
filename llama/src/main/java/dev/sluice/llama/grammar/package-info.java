/** Grammars (GBNF) that hold a model's text to a form: JSON schemas, tool calls. */
@NullMarked
package dev.sluice.llama.grammar;

import org.jspecify.annotations.NullMarked;
