/**
 * What a stream must look like on the wire of a dialect: writers of its events, and strict
 * validators of whole bodies.
 */
@NullMarked
package dev.sluice.testkit.stream;

import org.jspecify.annotations.NullMarked;
