package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every cell of the process table, played: the process is brought into the row's state, the signal is given, and the move is seen. */
class ProcessTableTest {
    private static final RunId STRANGER = new RunId(new ModelId("a"), 77);
    private static final Path DOC = Path.of("..", "..", "docs", "state-machine.md");

    /** A scene with model a in the row's state, with one request waiting or served where that is possible. */
    private static Scene scene(Standing row) {
        Scene s = Scene.of(Rules.models("a", "b").ttl("a", Duration.ofSeconds(100)));
        switch (row) {
            case STOPPED -> {}
            case STARTING -> s.ask("a");
            case CANCELLED -> {
                s.ask("a");
                s.spawned("a");
                s.unload("a");
            }
            case READY -> s.idle("a");
            case STOPPING -> {
                s.idle("a");
                s.unload("a");
            }
            case ORPHAN -> {
                s.idle("a");
                s.fact(new Fact.ServerStarted("t", 2, "b"));
            }
            case SHUTDOWN -> {
                s.idle("a");
                s.fact(new Fact.ServerDrained(Duration.ofSeconds(1)));
                s.exited("a");
            }
        }
        s.forget();
        return s;
    }

    private static RunId run(Scene s) {
        return s.yard().run(new ModelId("a")).map(Run::id).orElse(STRANGER);
    }

    /** Gives the signal. Timers are waited for where they are armed, and fired out of turn where they are not. */
    private static void give(Scene s, ProcessSignal signal) {
        RunId run = run(s);
        switch (signal) {
            case SPAWNED -> s.fact(new Fact.ProcessSpawned(run, 5, 6, 7, OptionalInt.empty(), "h"));
            case SPAWN_FAILED -> s.fact(new Fact.SpawnFailed(run, "no"));
            case READY -> s.fact(new Fact.ProcessReady(run, Duration.ofMillis(80), "/health"));
            case PROBE_TIMED_OUT -> s.fact(new Fact.ProbeTimedOut(run, 1));
            case EXITED -> s.fact(new Fact.ProcessExited(run, 0, OptionalInt.empty(), 0));
            case STOP_FAILED -> s.fact(new Fact.StopFailed(run, "no"));
            case START_DUE -> timer(s, new Timer.StartDeadline(run));
            case KILL_DUE -> timer(s, new Timer.KillDeadline(run));
            case TTL_DUE -> timer(s, new Timer.Ttl(run));
            case LINGER_DUE -> linger(s, run);
            case ORPHAN_FIT -> s.fact(new Fact.OrphanFound(run, 5, true, "fine"));
            case ORPHAN_UNFIT -> s.fact(new Fact.OrphanFound(run, 5, false, "changed"));
            case LOST -> s.fact(new Fact.ProcessLost(run));
            case UNLOAD -> s.unload("a");
            case HOLD -> s.fact(new Fact.HoldPlaced(Actor.OPERATOR, ""));
            case CLOSING -> s.fact(new Fact.ServerStopping("TERM", Optional.of(Duration.ofSeconds(1))));
            case SHUTDOWN -> s.fact(new Fact.ServerDrained(Duration.ofSeconds(1)));
            case FORCED -> s.fact(new Fact.ServerForced("INT"));
        }
    }

    private static void timer(Scene s, Timer timer) {
        Optional<Due> due = s.yard().due(s.now().plusSeconds(1000)).stream()
                .filter(d -> d.timer().equals(timer))
                .findFirst();
        if (due.isPresent()) {
            s.pass(Duration.between(s.now(), due.get().at()));
        } else {
            s.fire(timer, s.now());
        }
    }

    /** A ready run lingers only when it has just ended a request while another waits. */
    private static void linger(Scene s, RunId run) {
        if (s.state("a") == ProcessState.READY && !s.run("a").gate().orphan()) {
            RequestId r = s.ask("a");
            s.ask("b");
            s.finish(r);
        }
        timer(s, new Timer.Linger(run));
    }

    /** What is seen after a move. */
    private static void see(Scene s, Standing row, ProcessMove move) {
        List<Decision> all = s.all(Decision.class);
        switch (move) {
            case REFUSE ->
                assertEquals(1, s.all(Decision.TransitionRefused.class).size());
            case NOTE -> assertEquals(List.of(), all);
            case SERVE -> {
                assertEquals(ProcessState.READY, s.state("a"));
                assertEquals(1, s.all(Decision.SwapFinished.class).size());
                assertEquals(1, s.run("a").leases());
            }
            case FAIL -> {
                assertEquals(ProcessState.STOPPED, s.state("a"));
                assertEquals(1, s.all(Decision.SwapFailed.class).size());
                assertEquals(1, s.all(Decision.RequestShed.class).size());
            }
            case TIME_OUT -> {
                assertEquals(1, s.all(Decision.DeadlineMissed.class).size());
                assertEquals(1, s.all(Decision.StopOrdered.class).size());
            }
            case CANCEL -> {
                assertEquals(1, s.all(Decision.SwapCancelled.class).size());
                assertEquals(1, s.all(Decision.RequestShed.class).size());
                assertEquals(1, s.all(Decision.StopOrdered.class).size());
                assertEquals(ProcessState.STARTING, s.state("a"));
            }
            case CRASH ->
                assertEquals(
                        List.of(Reason.EXITED),
                        s.all(Decision.StateChanged.class).stream()
                                .map(Decision.StateChanged::reason)
                                .toList());
            case GONE -> {
                assertEquals(ProcessState.STOPPED, s.state("a"));
                assertEquals(1, s.all(Decision.StateChanged.class).size());
            }
            case EXPIRE ->
                assertEquals(
                        Reason.TTL, s.all(Decision.StopOrdered.class).getFirst().reason());
            case YIELD ->
                assertEquals(
                        Reason.EVICTED,
                        s.all(Decision.StopOrdered.class).getFirst().reason());
            case STOP, DRAIN -> {
                assertEquals(1, s.all(Decision.StopOrdered.class).size());
                assertEquals(ProcessState.STOPPING, s.state("a"));
            }
            case HURRY ->
                assertEquals(
                        List.of(Duration.ofSeconds(1)),
                        s.all(Decision.StopOrdered.class).stream()
                                .map(Decision.StopOrdered::grace)
                                .toList());
            case KILL -> {
                assertEquals(1, s.all(Decision.DeadlineMissed.class).size());
                assertEquals(1, s.all(Decision.KillOrdered.class).size());
            }
            case ADOPT -> {
                assertEquals(1, s.all(Decision.OrphanAdopted.class).size());
                assertTrue(s.run("a").isServing());
            }
            case REAP -> {
                assertEquals(1, s.all(Decision.KillOrdered.class).size());
                boolean wasReady = row == Standing.ORPHAN || row == Standing.READY || row == Standing.STOPPING;
                assertEquals(wasReady, s.state("a") == ProcessState.STOPPING);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCell() {
        return Arrays.stream(ProcessSignal.values()).flatMap(signal -> Arrays.stream(Standing.values())
                .map(row -> dynamicTest(row + " × " + signal, () -> {
                    Scene s = scene(row);
                    assertEquals(
                            row,
                            Standing.of(s.yard().run(new ModelId("a")), s.yard().phase()));
                    Yard before = s.yard();
                    give(s, signal);
                    ProcessMove move = ProcessTable.move(row, signal);
                    see(s, row, move);
                    if (move == ProcessMove.REFUSE && signal != ProcessSignal.LINGER_DUE) {
                        assertEquals(before.image(), s.yard().image(), "a refused fact changes nothing");
                    }
                })));
    }

    @Test
    void theDocumentIsWhatTheTableSays() throws IOException {
        String wanted = document();
        if (Boolean.getBoolean("turntable.docs.write")) {
            Files.createDirectories(DOC.getParent());
            Files.writeString(DOC, wanted);
        }
        assertEquals(
                wanted, Files.readString(DOC), "docs/state-machine.md is stale: run with -Dturntable.docs.write=true");
    }

    private static String document() {
        List<String> lines = new ArrayList<>(List.of(
                "# The life of a process",
                "",
                "Generated from `ProcessTable` in the `fsm` room by `ProcessTableTest`; do not edit. Every cell is tested.",
                "",
                "The rows are what can happen to a process, the columns what it is to the core. Clients see five states: `stopped`,",
                "`starting`, `ready`, `stopping`, `shutdown`. A start that was cancelled is shown as `starting` until its process is gone,",
                "as llama-swap does; everything else is as in `docs/architecture.md`.",
                "",
                "```mermaid",
                "stateDiagram-v2",
                "  [*] --> stopped",
                "  stopped --> starting: wanted by a request, a preload, an operator",
                "  starting --> ready: its probe answered",
                "  starting --> stopped: failed, or cancelled and gone",
                "  ready --> stopping: evicted, TTL, unload, reload, shutdown",
                "  ready --> stopped: exited by itself",
                "  stopping --> stopped: gone",
                "  starting --> shutdown: the server ends",
                "  stopping --> shutdown: the server ends",
                "```",
                ""));
        StringBuilder head = new StringBuilder("| |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Standing row : Standing.values()) {
            head.append(" ").append(name(row)).append(" |");
            rule.append("---|");
        }
        lines.add(head.toString());
        lines.add(rule.toString());
        for (ProcessSignal signal : ProcessSignal.values()) {
            StringBuilder line =
                    new StringBuilder("| ").append(signal.meaning()).append(" |");
            for (Standing row : Standing.values()) {
                line.append(" ").append(ProcessTable.move(row, signal).sign()).append(" |");
            }
            lines.add(line.toString());
        }
        lines.addAll(List.of("", "## Columns", "", "| column | clients see | meaning |", "|---|---|---|"));
        for (Standing row : Standing.values()) {
            lines.add("| " + name(row) + " | " + row.shown() + " | " + row.meaning() + " |");
        }
        lines.addAll(List.of("", "## What is done", "", "| cell | meaning |", "|---|---|"));
        for (ProcessMove move : ProcessMove.values()) {
            lines.add("| " + move.sign() + " | " + move.meaning() + " |");
        }
        lines.add("");
        return String.join("\n", lines);
    }

    private static String name(Standing row) {
        return row.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Test
    void drainWaitsForRequests() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.busy("a");
        s.fact(new Fact.HoldPlaced(Actor.OPERATOR, ""));
        assertEquals(ProcessState.READY, s.state("a"));
        s.finish(r);
        assertEquals(ProcessState.STOPPING, s.state("a"));
    }
}
