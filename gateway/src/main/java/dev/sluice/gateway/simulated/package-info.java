/**
 * The built-in simulated model: a provider that plays every case that a client must bear, at a pace
 * that its model names tell. {@code docs/simulated.md} lists the models.
 */
@NullMarked
package dev.sluice.gateway.simulated;

import org.jspecify.annotations.NullMarked;
