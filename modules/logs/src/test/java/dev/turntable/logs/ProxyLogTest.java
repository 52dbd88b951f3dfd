package dev.turntable.logs;

import static dev.turntable.logs.Story.A;
import static dev.turntable.logs.Story.NOTHING;
import static dev.turntable.logs.Story.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The proxy log has the lines that people and tools search for, word for word (llama-swap §3.1, §5.5, §7.2). */
class ProxyLogTest {
    private final ProxyLog log = new ProxyLog(run -> Optional.of("serve --port 1"));
    private long seq;

    private List<String> lines(Level least, Fact fact, Decision... decisions) {
        seq++;
        Commit commit = new Commit(seq, Instant.EPOCH.plusSeconds(seq), seq, 1, 1, fact, List.of(decisions));
        List<String> lines = new ArrayList<>();
        for (LogLine line : log.render(commit)) {
            if (line.level().compareTo(least) >= 0) {
                lines.add("[" + line.level() + "] " + line.text());
            }
        }
        return lines;
    }

    private List<String> info(Fact fact, Decision... decisions) {
        return lines(Level.INFO, fact, decisions);
    }

    @Test
    void aModelRequestGivesItsLineWhenItEnds() {
        assertEquals(List.of(), info(Story.arrived(1, Route.LOCAL, "/v1/chat/completions")));
        assertEquals(
                List.of("[INFO] Request 127.0.0.1 \"POST /v1/chat/completions HTTP/1.1\" 200 42 \"agent/1\" 1.2345ms"),
                info(Story.finished(1, 200, Outcome.OK)));
    }

    @Test
    void anAnswerThatIsNoSuccessWarnsOnceMore() {
        info(Story.arrived(1, Route.LOCAL, "/v1/chat/completions"));
        assertEquals(
                "[WARN] non-200 response, recording partial metrics: status=502, path=/v1/chat/completions",
                info(Story.finished(1, 502, Outcome.UPSTREAM_ERROR)).getFirst());
    }

    @Test
    void anAnswerOutsideTheActivityDoesNotWarn() {
        info(Story.arrived(1, Route.LOCAL, "/upstream/a/x"));
        assertEquals(1, info(Story.finished(1, 404, Outcome.UPSTREAM_ERROR)).size());
    }

    @Test
    void aClientThatLeftIsNeverLoggedAsASuccess() {
        info(Story.arrived(1, Route.LOCAL, "/v1/chat/completions"));
        assertTrue(info(Story.finished(1, 0, Outcome.CLIENT_GONE)).getLast().contains("\" 499 42 \""));
    }

    @Test
    void aHalfAnswerIsTold() {
        info(Story.arrived(1, Route.LOCAL, "/upstream/a/x"));
        assertEquals(
                "[INFO] <a> the upstream died seq=2",
                info(Story.finished(1, 200, Outcome.UPSTREAM_DIED)).getFirst());
    }

    @Test
    void servedRequestsHaveTheirLineButPollersAreSkipped() {
        assertEquals(
                List.of("[INFO] Request 10.0.0.1 \"GET /running HTTP/1.1\" 200 7 \"\" 2ms"),
                info(Story.served("/running")));
        assertEquals(List.of(), info(Story.served("/metricsx")));
        assertEquals(List.of(), info(Story.served("/wol-health")));
        assertEquals(List.of(), info(Story.served("/api/performance")));
    }

    @Test
    void aPreloadSaysSoAndOnlyAFailedOneSaysMore() {
        assertEquals(List.of("[INFO] preloading model: a"), info(Story.arrived(1, Route.PRELOAD, "/")));
        assertEquals(List.of(), info(Story.finished(1, 200, Outcome.OK)));
        info(Story.arrived(2, Route.PRELOAD, "/"));
        assertEquals(
                List.of("[ERROR] failed to preload model a: status 500"),
                info(Story.finished(2, 500, Outcome.LOAD_FAILED)));
    }

    @Test
    void aReadyModelNamesItsProbe() {
        List<String> lines = info(new Fact.ProcessReady(RUN, Duration.ofMillis(35), "http://127.0.0.1:9001/health"));
        assertEquals("[INFO] <a> Health check passed on http://127.0.0.1:9001/health", lines.getFirst());
        assertEquals("[INFO] <a> ready after 35ms seq=1", lines.getLast());
        assertEquals(1, info(new Fact.ProcessReady(RUN, Duration.ZERO, "none")).size());
    }

    @Test
    void anExitWhileReadyIsUnexpected() {
        Fact exit = new Fact.ProcessExited(RUN, 137, OptionalInt.of(9), 0);
        Decision stopped = new Decision.StateChanged(RUN, ProcessState.READY, ProcessState.STOPPED, Reason.EXITED);
        assertEquals(
                List.of("[WARN] <a> upstream process exited unexpectedly", "[WARN] <a> process ended: signal 9 seq=1"),
                lines(Level.WARN, exit, stopped));
        Decision asked = new Decision.StateChanged(RUN, ProcessState.STOPPING, ProcessState.STOPPED, Reason.EXITED);
        assertEquals(List.of(), lines(Level.WARN, exit, asked));
    }

    @Test
    void aTtlStopNamesTheTimeToLive() {
        info(Story.config(Duration.ofSeconds(1)));
        Fact fired = new Fact.TimerFired(new Timer.Ttl(RUN), Instant.EPOCH);
        assertEquals(
                List.of("[INFO] <a> Unloading model, TTL of 1s reached", "[INFO] [a] stopping, ttl, grace 5s seq=2"),
                info(fired, new Decision.StopOrdered(RUN, Reason.TTL, Duration.ofSeconds(5))));
    }

    @Test
    void theMatrixSaysWhatItEvicts() {
        RunId target = new RunId(new ModelId("c"), 3);
        Decision swap = new Decision.SwapStarted(
                new SwapId(1),
                target,
                List.of(new RunId(new ModelId("b"), 2)),
                Reason.REQUESTED,
                "matrix",
                Optional.of("p"),
                Optional.of("a & (b | c)"),
                1,
                List.of(A),
                0);
        List<String> lines = info(Story.arrived(1, Route.LOCAL, "/x"), swap);
        assertEquals(
                "[INFO] matrix: model=c set=p dsl=\"a & (b | c)\" evict=[b] target=[a c] cost=1", lines.getFirst());
        assertEquals(1, lines.stream().filter(line -> line.contains("matrix:")).count());
    }

    @Test
    void theMatrixSaysWhenNothingRunsAndIsSilentWhenAModelJoins() {
        Decision first = new Decision.SwapStarted(
                new SwapId(1),
                RUN,
                List.of(),
                Reason.REQUESTED,
                "matrix",
                Optional.of("p"),
                Optional.of("a & b"),
                0,
                List.of(),
                0);
        Decision starting =
                new Decision.StateChanged(RUN, ProcessState.STOPPED, ProcessState.STARTING, Reason.REQUESTED);
        assertEquals(
                "[INFO] matrix: model=a starting (no models running)",
                info(Story.arrived(1, Route.LOCAL, "/x"), starting, first).getFirst());
        Decision second = new Decision.SwapStarted(
                new SwapId(2),
                new RunId(new ModelId("b"), 2),
                List.of(),
                Reason.REQUESTED,
                "matrix",
                Optional.of("p"),
                Optional.of("a & b"),
                0,
                List.of(A),
                0);
        assertTrue(
                info(Story.arrived(2, Route.LOCAL, "/x"), second).stream().noneMatch(line -> line.contains("matrix:")));
    }

    @Test
    void theListenerLinesAreTheirs() {
        assertEquals(
                List.of("[INFO] llama-swap listening on http://127.0.0.1:8080"),
                info(new Fact.ServerListening("127.0.0.1:8080", false, false)));
        List<String> lines = info(new Fact.ServerListening(":8443", true, true));
        assertEquals("[INFO] llama-swap listening with TLS on https://:8443", lines.getFirst());
        assertTrue(lines.get(1).contains("-listen localhost:8443"), lines.get(1));
    }

    @Test
    void aFailedStartNamesTheRouterAndTheCause() {
        Decision begun = new Decision.SwapStarted(
                new SwapId(1),
                RUN,
                List.of(),
                Reason.REQUESTED,
                "group",
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(),
                0);
        info(Story.arrived(1, Route.LOCAL, "/x"), begun);
        assertEquals(
                "[ERROR] group: starting a failed: upstream command exited prematurely seq=2",
                info(
                                new Fact.ProcessExited(RUN, 1, OptionalInt.empty(), 10),
                                new Decision.SwapFailed(
                                        new SwapId(1), RUN, Reason.EXITED, "upstream command exited prematurely"))
                        .getLast());
    }

    @Test
    void theStartCommandIsADebugLine() {
        Fact spawned = new Fact.ProcessSpawned(RUN, 4711, 1, 4711, OptionalInt.of(1), "hash");
        assertEquals(
                "[DEBUG] <a> Executing start command: serve --port 1",
                lines(Level.DEBUG, spawned).getFirst());
        assertEquals(List.of("[INFO] <a> process 4711 started, port 1 seq=2"), info(spawned));
    }

    @Test
    void aFailedStopCommandGoesToTheModelsOwnStreamAsWell() {
        Commit commit = new Commit(1, Instant.EPOCH, 0, 1, 1, new Fact.StopFailed(RUN, "exit status 1"), NOTHING);
        assertEquals(
                "[ERROR] <a> stop command failed: exit status 1\n",
                ProxyLog.inModelStream(commit).orElseThrow().text());
    }

    @Test
    void aNewConfigurationWarnsAndARefusedOneSaysWhy() {
        assertEquals(
                "[WARN] careful", info(Story.config(Duration.ZERO, "careful")).getFirst());
        assertTrue(info(new Fact.ConfigRejected("sighup", List.of("bad thing")))
                .getFirst()
                .startsWith("[WARN] configuration refused (sighup), the one before stays in force: bad thing"));
    }

    @Test
    void aLineNeverHoldsALineFeed() {
        assertTrue(info(new Fact.SpawnFailed(RUN, "two\nlines")).getFirst().contains("two lines"));
    }

    @Test
    void theSameCommitsGiveTheSameLines() {
        ProxyLog other = new ProxyLog(StartCommands.UNKNOWN);
        ProxyLog another = new ProxyLog(StartCommands.UNKNOWN);
        Commit in = new Commit(1, Instant.EPOCH, 0, 1, 1, Story.arrived(1, Route.LOCAL, "/x"), NOTHING);
        Commit out = new Commit(2, Instant.EPOCH, 0, 1, 1, Story.finished(1, 200, Outcome.OK), NOTHING);
        other.render(in);
        another.render(in);
        assertEquals(other.render(out), another.render(out));
    }
}
