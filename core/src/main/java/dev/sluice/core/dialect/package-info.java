/** What a wire dialect must offer, and what it is told about the other side. */
@NullMarked
package dev.sluice.core.dialect;

import org.jspecify.annotations.NullMarked;
