package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** An upstream may speak TLS; its certificate must be valid for the name in {@code proxy}. */
@Isolated("changes what this JVM trusts")
class TlsProbeTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    private SSLContext before;
    private ServerSocket server;

    @BeforeEach
    void serve() throws IOException, GeneralSecurityException, InterruptedException {
        before = SSLContext.getDefault();
        SSLContext context = context(certificate());
        server = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::answer);
        SSLContext.setDefault(context);
    }

    @AfterEach
    void restore() throws IOException {
        SSLContext.setDefault(before);
        server.close();
    }

    @Test
    void aTrustedUpstreamIsReady() {
        try (Rig rig = new Rig(folder.resolve("run")).begin()) {
            String proxy = "https://localhost:" + server.getLocalPort();
            Fact.ProcessReady ready = rig.ready(
                    rig.model("m", "sleep 600").proxy(proxy).check("/health").start());
            assertEquals(proxy + "/health", ready.probe());
        }
    }

    @Test
    void aCertificateForAnotherNameIsNoAnswer() {
        Rig rig = new Rig(folder.resolve("run"));
        String proxy = "https://127.0.0.1:" + server.getLocalPort();
        Probe probe = Probe.of(rig.model("m", "x").proxy(proxy).check("/health").add(), URI.create(proxy));
        assertEquals(Probe.Answer.NOT_YET, probe.ask(Duration.ofSeconds(20), () -> {}));
        rig.close();
    }

    private void answer() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                if (socket.getInputStream().read() >= 0) {
                    socket.getOutputStream().write(TinyServer.status(200).getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // a client that does not trust us, or the end
            }
        }
    }

    /** Made by the JDK's own tool; nothing secret is in it. */
    private Path certificate() throws IOException, InterruptedException {
        Path store = folder.resolve("upstream.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "upstream",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertEquals(0, keytool.waitFor());
        assertTrue(store.toFile().exists());
        return store;
    }

    private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("upstream", keys.getCertificate("upstream"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
