package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.event.RunId;
import dev.turntable.testkit.Certificate;
import dev.turntable.testkit.StubUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** An upstream may speak TLS; its certificate must be valid for the name in {@code proxy}. */
@Isolated("changes what this JVM trusts")
class TlsProbeTest {
    @TempDir
    Path folder;

    private SSLContext before;
    private StubUpstream server;

    @BeforeEach
    void serve() throws IOException, GeneralSecurityException {
        before = SSLContext.getDefault();
        SSLContext.setDefault(Certificate.in(folder).context());
        listen(0);
    }

    private void listen(int port) throws IOException, GeneralSecurityException {
        ServerSocket listener = SSLContext.getDefault()
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        server = StubUpstream.on(listener, (_, wire) -> wire.answer(200, "ok"));
    }

    @AfterEach
    void restore() {
        SSLContext.setDefault(before);
        server.close();
    }

    @Test
    void aTrustedUpstreamIsReady() throws IOException, GeneralSecurityException {
        try (Rig rig = new Rig(folder.resolve("run")).begin()) {
            String proxy = "https://localhost:" + server.port();
            server.close(); // or its port were taken
            RunId run = rig.model("m", "sh -c ': docker; exec sleep 600'")
                    .proxy(proxy)
                    .check("/health")
                    .start();
            rig.spawned(run);
            listen(server.port());
            assertEquals(proxy + "/health", rig.ready(run).probe());
        }
    }

    @Test
    void aCertificateForAnotherNameIsNoAnswer() {
        Rig rig = new Rig(folder.resolve("run"));
        String proxy = "https://127.0.0.1:" + server.port();
        Probe probe = Probe.of(rig.model("m", "x").proxy(proxy).check("/health").add(), URI.create(proxy));
        assertEquals(Probe.Result.NOT_YET, probe.ask(Duration.ofSeconds(20), () -> {}));
        rig.close();
    }
}
