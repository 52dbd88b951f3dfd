package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.event.Fact;
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
        SSLContext context = Certificate.in(folder).context();
        ServerSocket listener =
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server = StubUpstream.on(listener, (_, wire) -> wire.answer(200, "ok"));
        SSLContext.setDefault(context);
    }

    @AfterEach
    void restore() {
        SSLContext.setDefault(before);
        server.close();
    }

    @Test
    void aTrustedUpstreamIsReady() {
        try (Rig rig = new Rig(folder.resolve("run")).begin()) {
            String proxy = "https://localhost:" + server.port();
            Fact.ProcessReady ready = rig.ready(
                    rig.model("m", "sleep 600").proxy(proxy).check("/health").start());
            assertEquals(proxy + "/health", ready.probe());
        }
    }

    @Test
    void aCertificateForAnotherNameIsNoAnswer() {
        Rig rig = new Rig(folder.resolve("run"));
        String proxy = "https://127.0.0.1:" + server.port();
        Probe probe = Probe.of(rig.model("m", "x").proxy(proxy).check("/health").add(), URI.create(proxy));
        assertEquals(Probe.Answer.NOT_YET, probe.ask(Duration.ofSeconds(20), () -> {}));
        rig.close();
    }
}
