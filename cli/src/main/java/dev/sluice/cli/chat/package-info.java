/** A conversation with a model: what is asked, what is shown of the answer, how it ends. */
@NullMarked
package dev.sluice.cli.chat;

import org.jspecify.annotations.NullMarked;
