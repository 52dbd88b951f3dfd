package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import dev.turntable.event.Timer;
import dev.turntable.event.Tokens;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.MemoryDisk;
import dev.turntable.journal.MemoryJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A journal in memory and a pen: writes the commits that a real server would have written. */
final class World implements AutoCloseable {
    static final ModelId A = new ModelId("a");
    static final ModelId B = new ModelId("b");

    final MemoryDisk disk;
    Journal journal;
    private Instant now = Instant.parse("2026-09-01T10:00:00Z");
    private long requests;
    private long runs;
    private long swaps;

    World() {
        this(new MemoryDisk("history"));
    }

    World(MemoryDisk disk) {
        this.disk = disk;
        this.journal = MemoryJournal.threaded(disk, JournalOptions.defaults());
    }

    /** The next server run on the same disk. */
    void restart() {
        journal.close();
        journal = MemoryJournal.threaded(disk, JournalOptions.defaults());
        write(new Fact.ServerStarted("0", 1, "boot"));
    }

    Commit write(Fact fact, Decision... decisions) {
        return journal.append(now, 0, fact, List.of(decisions));
    }

    void pass(long millis) {
        now = now.plusMillis(millis);
    }

    Instant now() {
        return now;
    }

    RunId newRun(ModelId model) {
        return new RunId(model, ++runs);
    }

    RequestId newRequest() {
        return new RequestId(++requests);
    }

    SwapId newSwap() {
        return new SwapId(++swaps);
    }

    Fact.RequestArrived arrival(RequestId request, ModelId model) {
        return arrival(request, model, Optional.of("/v1/chat/completions"), Optional.empty());
    }

    Fact.RequestArrived arrival(RequestId request, ModelId model, Optional<String> row, Optional<String> selector) {
        return new Fact.RequestArrived(
                request,
                model,
                Route.LOCAL,
                model.value(),
                "POST",
                "/v1/chat/completions",
                row,
                "HTTP/1.1",
                "127.0.0.1",
                Optional.empty(),
                false,
                selector,
                Optional.empty());
    }

    Fact.RequestFinished end(RequestId request, int status, Optional<Tokens> tokens, Optional<String> error) {
        return new Fact.RequestFinished(
                request,
                status == 200 ? Outcome.OK : Outcome.UPSTREAM_ERROR,
                status,
                100,
                Optional.of(Duration.ofMillis(70)),
                Duration.ofMillis(90),
                Optional.of("application/json"),
                tokens,
                error);
    }

    /** One request on a ready model. */
    RequestId served(RunId run, Tokens tokens) {
        RequestId request = newRequest();
        write(arrival(request, run.model()), new Decision.RequestAdmitted(request, run, 0));
        pass(90);
        write(end(request, 200, Optional.of(tokens), Optional.empty()));
        return request;
    }

    /** A request for a cold model that evicts {@code old}: seven commits, from the arrival to the first answer. */
    RunId swapped(Optional<RunId> old, ModelId model) {
        RunId run = newRun(model);
        RequestId request = newRequest();
        SwapId swap = newSwap();
        List<RunId> evict = old.stream().toList();
        Decision begun = new Decision.SwapStarted(
                swap, run, evict, Reason.REQUESTED, "group", Optional.empty(), Optional.empty(), 0, List.of(), 0);
        Decision joined = new Decision.RequestJoined(request, swap);
        Decision start = new Decision.StartOrdered(run, OptionalInt.of(9_000), now.plusSeconds(120), Reason.REQUESTED);
        if (old.isPresent()) {
            Decision stop = new Decision.StopOrdered(old.get(), Reason.EVICTED, Duration.ofSeconds(5));
            write(
                    arrival(request, model),
                    begun,
                    joined,
                    stop,
                    state(old.get(), ProcessState.READY, ProcessState.STOPPING, Reason.EVICTED));
            pass(20);
            write(
                    new Fact.ProcessExited(old.get(), 0, OptionalInt.empty(), 10),
                    state(old.get(), ProcessState.STOPPING, ProcessState.STOPPED, Reason.EXITED),
                    start);
        } else {
            write(arrival(request, model), begun, joined, start);
        }
        pass(5);
        write(
                new Fact.ProcessSpawned(
                        run, 4_000 + run.number(), 77, 4_000 + run.number(), OptionalInt.of(9_000), "hash"),
                state(run, ProcessState.STOPPED, ProcessState.STARTING, Reason.REQUESTED));
        pass(35);
        write(
                new Fact.ProcessReady(run, Duration.ofMillis(35), "http://127.0.0.1:9000/health"),
                state(run, ProcessState.STARTING, ProcessState.READY, Reason.PROBE_ANSWERED),
                new Decision.SwapFinished(
                        swap, run, Duration.ZERO, Duration.ofMillis(old.isPresent() ? 20 : 0), Duration.ofMillis(40)),
                new Decision.RequestAdmitted(request, run, 3));
        pass(30);
        write(end(request, 200, Optional.of(Tokens.NONE), Optional.empty()));
        return run;
    }

    void ttlStop(RunId run) {
        write(
                new Fact.TimerFired(new Timer.Ttl(run), now),
                new Decision.StopOrdered(run, Reason.TTL, Duration.ofSeconds(5)),
                state(run, ProcessState.READY, ProcessState.STOPPING, Reason.TTL));
        pass(10);
        write(
                new Fact.ProcessExited(run, 0, OptionalInt.empty(), 10),
                state(run, ProcessState.STOPPING, ProcessState.STOPPED, Reason.EXITED));
    }

    static Decision state(RunId run, ProcessState from, ProcessState to, Reason why) {
        return new Decision.StateChanged(run, from, to, why);
    }

    @Override
    public void close() {
        journal.close();
    }
}
