package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.testkit.StubUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a process counts as ready (llama-swap §4.4, docs/from-llama-swap.md). */
class ReadinessTest {
    /** As if it had somebody else run the server: this JVM may listen for it. */
    private static final String CONTAINER = "sh -c ': docker; exec sleep 600'";

    @TempDir
    Path folder;

    @Test
    void a200IsReady() throws IOException {
        try (Rig rig = new Rig(folder).begin();
                StubUpstream server = afterTheSpawn(rig, status(200))) {
            Fact.ProcessReady ready = rig.await(Fact.ProcessReady.class, f -> true);
            assertEquals(server.address() + "/health", ready.probe());
            assertFalse(ready.load().isNegative());
            assertEquals("GET /health HTTP/1.1", lines(server).getFirst());
        }
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() throws IOException {
        String early = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
        try (Rig rig = new Rig(folder).begin();
                StubUpstream _ = afterTheSpawn(rig, early + status(200))) {
            rig.await(Fact.ProcessReady.class, f -> true);
        }
    }

    @Test
    void whatIsNoHttpIsNotReady() throws IOException {
        try (Rig rig = new Rig(folder).begin();
                StubUpstream server = afterTheSpawn(rig, "200 OK\r\n\r\n", "", status(200))) {
            rig.await(Fact.ProcessReady.class, f -> true);
            assertTrue(lines(server).size() >= 3, "the third answer is one");
        }
    }

    @Test
    void aPasswordInTheProxyAddressIsSent() throws IOException {
        try (Rig rig = new Rig(folder).begin();
                StubUpstream server = afterTheSpawnOf(rig, "me:a%20b@", "/health", status(200))) {
            rig.await(Fact.ProcessReady.class, f -> true);
            assertTrue(server.next().has("Authorization: Basic bWU6YSBi"));
        }
    }

    @Test
    void otherStatusesAreNotAndRedirectsAreNotFollowed() throws IOException {
        String[] answers = IntStream.of(503, 204, 302, 404, 200)
                .mapToObj(ReadinessTest::status)
                .toArray(String[]::new);
        try (Rig rig = new Rig(folder).begin();
                StubUpstream server = afterTheSpawn(rig, answers)) {
            rig.await(Fact.ProcessReady.class, f -> true);
            assertEquals(
                    Collections.nCopies(5, "GET /health HTTP/1.1"),
                    lines(server).subList(0, 5));
        }
    }

    @Test
    void theEndpointIsJoinedToThePathOfTheProxy() {
        assertEquals("/health", join("http://h:1", "/health"));
        assertEquals("/", join("http://h:1", ""));
        assertEquals("/base/health", join("http://h:1/base/", "/health"));
        assertEquals("/base/health", join("http://h:1/base", "health"));
        assertEquals("/ok?a=1&b=2", join("http://h:1", "http://elsewhere:9/ok?a=1&b=2#part"));
        assertEquals("/", join("http://h:1", "https://elsewhere"));
        assertEquals("/p?x=1&y=2", join("http://h:1?x=1", "/p?y=2"));
        assertEquals("/a%20b/%C3%A4%0D%0A!", join("http://h:1", "/a b/ä\r\n!"));
    }

    @Test
    void anAbsoluteEndpointIsAskedOfTheProxy() throws IOException {
        try (Rig rig = new Rig(folder).begin();
                StubUpstream server = afterTheSpawnOf(rig, "", "http://127.0.0.1:9/ok?x=1", status(200))) {
            rig.await(Fact.ProcessReady.class, f -> true);
            assertEquals("GET /ok?x=1 HTTP/1.1", lines(server).getFirst());
        }
    }

    @Test
    void anUpstreamThatListensLateIsFound() throws IOException {
        int port = freePort();
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", CONTAINER)
                    .proxy("http://localhost:" + port)
                    .check("/health")
                    .start();
            rig.spawned(run);
            try (StubUpstream server = StubUpstream.inTurn(port, status(200))) {
                rig.ready(run);
                assertTrue(server.next().has("Host: localhost:" + port));
            }
        }
    }

    @Test
    void aProbeThatHangsIsGivenUpAndCounted() throws IOException {
        try (Rig rig = new Rig(folder).begin()) {
            int port = freePort();
            RunId run = rig.model("m", CONTAINER)
                    .proxy("http://127.0.0.1:" + port)
                    .check("/health")
                    .start();
            rig.spawned(run);
            try (ServerSocket _ = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
                assertEquals(
                        1,
                        rig.await(Fact.ProbeTimedOut.class, f -> f.run().equals(run))
                                .count());
            }
            assertTrue(rig.all(Fact.ProcessReady.class).isEmpty());
        }
    }

    @Test
    void aHangingProbeIsInterruptedAtOnceByAStop() throws IOException, InterruptedException {
        assertInterrupted((rig, run) -> rig.stop(run));
    }

    @Test
    void aHangingProbeIsInterruptedAtOnceByAShutdown() throws IOException, InterruptedException {
        assertInterrupted((rig, run) -> rig.processes.close());
    }

    /** This JVM is the stranger. */
    @Test
    void whoListensAtAFixedAddressBeforeTheStartIsNamedAndNothingIsStarted() throws IOException {
        try (StubUpstream stranger = StubUpstream.inTurn(0, status(200));
                Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600")
                    .proxy(stranger.address())
                    .check("/health")
                    .start();
            String error = rig.failed(run).error();
            long pid = ProcessHandle.current().pid();
            assertTrue(
                    error.startsWith("failed to start command 'sleep 600': 127.0.0.1:" + stranger.port()
                            + " is taken by process " + pid + " ("),
                    error);
            assertTrue(stranger.requests().isEmpty());
        }
    }

    @Test
    void aTakenPortOfOursIsAnotherPort() throws IOException {
        try (StubUpstream stranger = StubUpstream.inTurn(0, status(200));
                Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'echo at " + stranger.port() + "; sleep 600'")
                    .port(stranger.port())
                    .proxy(stranger.address())
                    .check("/health")
                    .start();
            Fact.PortMoved moved = rig.await(Fact.PortMoved.class, f -> f.run().equals(run));
            assertEquals(stranger.port(), moved.from());
            assertTrue(
                    moved.holder()
                            .startsWith("process " + ProcessHandle.current().pid()),
                    moved.holder());
            assertEquals(OptionalInt.of(moved.to()), rig.spawned(run).port());
            rig.awaitOutput(run, "at " + moved.to());
            assertTrue(stranger.requests().isEmpty());
        }
    }

    @Test
    void aStrangerWhoComesAfterTheStartIsNotBelievedAndNamedOnce() throws IOException {
        try (Rig rig = new Rig(folder).begin()) {
            int port = freePort();
            RunId run = rig.model("m", "sleep 600")
                    .proxy("http://127.0.0.1:" + port)
                    .check("/health")
                    .start();
            rig.spawned(run);
            try (StubUpstream stranger = StubUpstream.inTurn(port, status(200))) {
                Fact.StrangerAnswered told = rig.await(Fact.StrangerAnswered.class, f -> true);
                assertEquals("127.0.0.1:" + port, told.address());
                assertTrue(
                        told.holder()
                                .startsWith("process " + ProcessHandle.current().pid()),
                        told.holder());
                Rig.eventually("it is asked on", () -> stranger.requests().size() > 2);
            }
            assertTrue(rig.all(Fact.ProcessReady.class).isEmpty());
            assertEquals(1, rig.all(Fact.StrangerAnswered.class).size());
        }
    }

    @Test
    void aConnectionThatIsOverDoesNotKeepAPort() throws IOException {
        int port;
        try (ServerSocket listener = new ServerSocket(0);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            port = listener.getLocalPort();
            listener.accept().close(); // we close first: our end waits in TIME_WAIT
            assertFalse(Address.isFree(port));
            client.getInputStream().read();
        }
        assertTrue(Address.isFree(port));
    }

    @Test
    void whoAnswersBeforeAModelCanHaveLoadedMustDoSoAgain() throws IOException, InterruptedException {
        assertEquals(3, askedUntilReady(Duration.ofDays(1)));
        assertEquals(1, askedUntilReady(Duration.ZERO));
    }

    /** How often an upstream that says 200, 503, 200 is asked. */
    private static int askedUntilReady(Duration haste) throws IOException, InterruptedException {
        try (StubUpstream server = StubUpstream.inTurn(0, status(200), status(503), status(200))) {
            URI base = URI.create(server.address());
            Probe probe = new Probe(
                    "p",
                    false,
                    new Address(base.getHost(), base.getPort()),
                    base.getAuthority(),
                    Optional.empty(),
                    "/health");
            CountDownLatch ready = new CountDownLatch(1);
            Thread asking = new Readiness(probe, Duration.ZERO, haste, new Readiness.Listener() {
                        @Override
                        public void ready() {
                            ready.countDown();
                        }

                        @Override
                        public void timedOut(int count) {}

                        @Override
                        public boolean alive() {
                            return true;
                        }

                        @Override
                        public Readiness.Whose whose() {
                            return Readiness.Whose.OWN;
                        }
                    })
                    .start("asking");
            asking.join();
            assertEquals(0, ready.getCount());
            return lines(server).size();
        }
    }

    @Test
    void aChildThatDiesMidStartEndsTheProbing() throws IOException {
        int port = freePort();
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'sleep 0.1; exit 2'")
                    .proxy("http://127.0.0.1:" + port)
                    .check("/health")
                    .start();
            assertEquals(OptionalInt.of(2), rig.exited(run).code());
            try (StubUpstream server = StubUpstream.inTurn(port, status(200))) {
                rig.exited(rig.model("n", "sleep 0.3").start());
                assertTrue(server.requests().isEmpty());
            }
        }
    }

    @Test
    void thePauseGrowsWithTheTimeTheStartHasTaken() {
        assertEquals(Duration.ofMillis(1), Readiness.pause(0));
        assertEquals(Duration.ofMillis(5), Readiness.pause(100_000_000));
        assertEquals(Duration.ofMillis(50), Readiness.pause(1_000_000_000));
        assertEquals(Duration.ofMillis(250), Readiness.pause(60_000_000_000L));
    }

    @Test
    void theLimitOfAProbeGrowsAndHeedsResponseHeader() {
        assertEquals(Duration.ofSeconds(2), Readiness.limit(0, Duration.ZERO));
        assertEquals(Duration.ofSeconds(4), Readiness.limit(1, Duration.ZERO));
        assertEquals(Duration.ofSeconds(30), Readiness.limit(9, Duration.ZERO));
        assertEquals(Duration.ofSeconds(1), Readiness.limit(3, Duration.ofSeconds(1)));
    }

    private interface End {
        void of(Rig rig, RunId run);
    }

    private void assertInterrupted(End end) throws IOException, InterruptedException {
        try (Rig rig = new Rig(folder).begin()) {
            int port = freePort();
            RunId run = rig.model("m", "sh -c 'trap \"\" TERM; : docker; sleep 600; sleep 600'")
                    .proxy("http://127.0.0.1:" + port)
                    .check("/health")
                    .start();
            rig.spawned(run);
            ServerSocket silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            CountDownLatch cut = new CountDownLatch(1);
            CountDownLatch accepted = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                try {
                    boolean more = true;
                    while (more) {
                        Socket probe = silent.accept();
                        boolean request = probe.getInputStream().read() >= 0;
                        if (request) {
                            accepted.countDown();
                            while (probe.getInputStream().read() >= 0) {
                                // the rest of the request, until the prober goes
                            }
                            cut.countDown();
                            more = false;
                        }
                        probe.close();
                    }
                } catch (IOException e) {
                    cut.countDown();
                }
            });
            assertTrue(accepted.await(20, TimeUnit.SECONDS));
            end.of(rig, run);
            assertTrue(cut.await(1, TimeUnit.SECONDS), "long before the probe's own limit of 2 s");
            assertTrue(rig.all(Fact.ProbeTimedOut.class).isEmpty());
            silent.close();
        }
    }

    /** The request lines that have come in. */
    private static List<String> lines(StubUpstream server) {
        return server.requests().stream().map(StubUpstream.Request::line).toList();
    }

    private static String status(int status) {
        return "HTTP/1.1 " + status + " Whatever\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nok";
    }

    private static String join(String proxy, String endpoint) {
        return ProbeTarget.join(URI.create(proxy), endpoint);
    }

    /** A process that is being probed, and then a server at its address. */
    private static StubUpstream afterTheSpawn(Rig rig, String... answers) throws IOException {
        return afterTheSpawnOf(rig, "", "/health", answers);
    }

    private static StubUpstream afterTheSpawnOf(Rig rig, String user, String check, String... answers)
            throws IOException {
        int port = freePort();
        rig.spawned(rig.model("m", CONTAINER)
                .proxy("http://" + user + "127.0.0.1:" + port)
                .check(check)
                .start());
        return StubUpstream.inTurn(port, answers);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
