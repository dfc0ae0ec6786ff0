package dev.sluice.gateway.config;

import java.nio.file.Path;

/**
 * What the gateway shows to its clients under TLS.
 *
 * @param certificate the PEM file of the certificate chain
 * @param key the PEM file of its private key
 */
public record ServerTls(Path certificate, Path key) {}
