/** Frames: how a dialect cuts a byte stream into units. */
@NullMarked
package dev.sluice.core.framing;

import org.jspecify.annotations.NullMarked;
