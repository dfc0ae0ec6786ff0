/**
 * The canonical stream: events, the grammar of their order, the ledger of blocks, the accumulator.
 */
@NullMarked
package dev.sluice.core.event;

import org.jspecify.annotations.NullMarked;
