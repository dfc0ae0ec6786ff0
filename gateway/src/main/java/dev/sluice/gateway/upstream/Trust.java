package dev.sluice.gateway.upstream;

import dev.sluice.gateway.config.UpstreamTls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom to trust when a provider is asked what it is. */
public final class Trust {
    private Trust() {}

    /** What is wrong with the authority that {@code tls} names; empty if nothing is. */
    public static Optional<String> problem(UpstreamTls tls) {
        try {
            if (tls.ca().isPresent()) {
                authorities(tls.ca().get());
            }
            return Optional.empty();
        } catch (GeneralSecurityException | IOException unreadable) {
            return Optional.of("cannot be read as certificates");
        }
    }

    /** A context for {@code tls}; empty if the Java platform's own will do. */
    static Optional<SSLContext> context(UpstreamTls tls) {
        try {
            if (!tls.verify()) {
                return Optional.of(context(new TrustManager[] {new Everybody()}));
            }
            return tls.ca().isEmpty()
                    ? Optional.empty()
                    : Optional.of(context(authorities(tls.ca().get())));
        } catch (GeneralSecurityException | IOException changed) {
            throw new IllegalStateException("tls.ca can no longer be read", changed);
        }
    }

    private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, new SecureRandom());
        return context;
    }

    private static TrustManager[] authorities(Path pem)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            int count = 0;
            for (Certificate authority :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + count++, authority);
            }
            if (count == 0) {
                throw new CertificateException("no certificate");
            }
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** For a provider of which the configuration says {@code tls: {verify: false}}. */
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket s) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket s) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
