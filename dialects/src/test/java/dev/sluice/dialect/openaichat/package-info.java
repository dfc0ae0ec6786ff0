/** Tests of OpenAI Chat Completions. */
@NullMarked
package dev.sluice.dialect.openaichat;

import org.jspecify.annotations.NullMarked;
