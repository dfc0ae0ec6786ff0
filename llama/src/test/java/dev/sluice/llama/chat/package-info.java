/** Tests of prompts and of what models write. */
@NullMarked
package dev.sluice.llama.chat;

import org.jspecify.annotations.NullMarked;
