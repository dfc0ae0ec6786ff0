/** Tests of what all dialects have in common. */
@NullMarked
package dev.sluice.dialect;

import org.jspecify.annotations.NullMarked;
