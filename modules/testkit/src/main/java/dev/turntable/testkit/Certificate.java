package dev.turntable.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for {@code localhost} that signs itself, made by the JDK's keytool.
 *
 * @param certificate PEM file
 * @param key PEM file
 * @param context has it and trusts it: for both ends of a connection
 */
public record Certificate(Path certificate, Path key, SSLContext context) {
    private static final String PASSWORD = "for this test";

    /** Makes one, its files in this folder. */
    public static Certificate in(Path folder) {
        Path store = folder.resolve("keys.p12");
        generate(store);
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            byte[] certificate = keys.getCertificate("server").getEncoded();
            byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusting(keys));
            var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            identity.init(keys, PASSWORD.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
            return new Certificate(pem(folder, "CERTIFICATE", certificate), pem(folder, "PRIVATE KEY", key), context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void generate(Path store) {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        var command = List.of(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString());
        Running made = Running.start(store.getParent(), java.util.Map.of(), command);
        if (made.exitCode() != 0) {
            throw new AssertionError("keytool: " + made.text());
        }
    }

    private static KeyStore trusting(KeyStore keys) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        return trusted;
    }

    private static Path pem(Path folder, String what, byte[] bytes) throws IOException {
        String text = "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), what);
        return Files.writeString(folder.resolve(what.replace(' ', '-') + ".pem"), text);
    }
}
