/** What the tests of the core share. */
@NullMarked
package dev.sluice.core;

import org.jspecify.annotations.NullMarked;
