/**
 * JSON over byte arrays: a strict pull reader, a builder of bytes, and text that stays escaped from
 * one wire to the other.
 */
@NullMarked
package dev.sluice.core.json;

import org.jspecify.annotations.NullMarked;
