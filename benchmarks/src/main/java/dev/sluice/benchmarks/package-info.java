/**
 * What the token path costs, piece by piece. Run with {@code java -jar
 * benchmarks/target/app/benchmarks.jar -prof gc}.
 */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
