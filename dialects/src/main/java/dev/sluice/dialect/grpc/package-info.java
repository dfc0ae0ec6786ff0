/** The gateway's own events as messages of gRPC, for services. */
@NullMarked
package dev.sluice.dialect.grpc;

import org.jspecify.annotations.NullMarked;
