/** Tests of the Java library. */
@NullMarked
package dev.sluice.client;

import org.jspecify.annotations.NullMarked;
