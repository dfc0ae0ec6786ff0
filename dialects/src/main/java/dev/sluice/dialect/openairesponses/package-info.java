/** OpenAI Responses, as clients speak it and as model servers speak it. */
@NullMarked
package dev.sluice.dialect.openairesponses;

import org.jspecify.annotations.NullMarked;
