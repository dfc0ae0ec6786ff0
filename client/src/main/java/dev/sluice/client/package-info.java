/**
 * The Java library: one call for any model, and a stream of tokens that can be iterated, subscribed
 * to, called back, cancelled and measured, whether the model answers over HTTP or in this process.
 */
@NullMarked
package dev.sluice.client;

import org.jspecify.annotations.NullMarked;
