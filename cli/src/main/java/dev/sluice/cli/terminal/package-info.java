/** What a terminal shows: cells and rows, Markdown while it is written, a row that stays. */
@NullMarked
package dev.sluice.cli.terminal;

import org.jspecify.annotations.NullMarked;
