/** OpenAI Chat Completions, as clients speak it and as model servers speak it. */
@NullMarked
package dev.sluice.dialect.openaichat;

import org.jspecify.annotations.NullMarked;
