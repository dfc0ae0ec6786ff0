/**
 * What the gateway was told to do: records, parsed once at start, and the sentences that say what
 * is wrong with a file.
 *
 * <p>{@link dev.sluice.gateway.config.Schema} is the one table of keys: the parser and {@code
 * docs/config.md} both come from it. A start reads
 *
 * <pre>{@code
 * Config config = ConfigFile.read(file, env) // or Config.defaults()
 *         .withEnvironment(env)              // OPENAI_API_KEY, ANTHROPIC_API_KEY, SLUICE_API_KEY
 *         .withHost("0.0.0.0")               // the command line has the last word
 *         .checked();                        // routes that lead nowhere, and S2
 * }</pre>
 */
@NullMarked
package dev.sluice.gateway.config;

import org.jspecify.annotations.NullMarked;
