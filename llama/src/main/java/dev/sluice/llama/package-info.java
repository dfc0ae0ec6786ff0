/** Models inside the process: many answers at once from one model, each token as it is born. */
@NullMarked
package dev.sluice.llama;

import org.jspecify.annotations.NullMarked;
