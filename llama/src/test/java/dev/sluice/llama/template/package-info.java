/** Tests of the template language. */
@NullMarked
package dev.sluice.llama.template;

import org.jspecify.annotations.NullMarked;
