/**
 * What is kept of answers in OpenAI Responses: conversations that clients go on from by the id of
 * their last response, and streams that they take up again.
 */
@NullMarked
package dev.sluice.gateway.responses;

import org.jspecify.annotations.NullMarked;
