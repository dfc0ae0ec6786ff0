/** Who answers: a model server over the network or a model in this process. */
@NullMarked
package dev.sluice.core.provider;

import org.jspecify.annotations.NullMarked;
