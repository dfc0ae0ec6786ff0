/**
 * The C interface of libllama, as far as it is used here, by foreign functions. Nothing above this
 * package knows an address.
 */
@NullMarked
package dev.sluice.llama.binding;

import org.jspecify.annotations.NullMarked;
