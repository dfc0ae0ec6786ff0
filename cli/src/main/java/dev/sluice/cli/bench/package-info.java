/** Measures of models, as a client sees them: streams under load, their times, reports. */
@NullMarked
package dev.sluice.cli.bench;

import org.jspecify.annotations.NullMarked;
