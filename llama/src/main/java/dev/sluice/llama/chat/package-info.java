/** From a request to the text that a local model continues, and from what it writes to events. */
@NullMarked
package dev.sluice.llama.chat;

import org.jspecify.annotations.NullMarked;
