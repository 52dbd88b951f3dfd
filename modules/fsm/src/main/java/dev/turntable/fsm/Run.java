package dev.turntable.fsm;

import dev.turntable.event.Flat;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One life of one upstream process, from the order to start it until it is gone.
 *
 * @param settings those it was started with, but for the ones that a reload may retune
 * @param child its process, once spawned
 * @param stop the order to leave, once given
 * @param gate why it takes no new requests, if so
 */
public record Run(
        RunId id,
        ProcessState state,
        Policy.Model settings,
        @Flat Start start,
        Optional<Child> child,
        @Flat Load loaded,
        @Flat Use use,
        Optional<Stop> stop,
        @Flat Idle idle,
        Gate gate) {

    /**
     * The order to start it.
     *
     * @param reason what it is started for
     * @param ordered when
     * @param deadline when it must be ready
     */
    public record Start(Reason reason, Instant ordered, Instant deadline) {
        Start shifted(Duration by) {
            return new Start(reason, ordered.plus(by), deadline.plus(by));
        }
    }

    /**
     * How it became ready.
     *
     * @param ready since when it is
     * @param load how long it took from spawn to ready; zero for an adopted one
     */
    public record Load(Optional<Instant> ready, Duration load) {
        static final Load NOT_YET = new Load(Optional.empty(), Duration.ZERO);

        Load shifted(Duration by) {
            return new Load(ready.map(t -> t.plus(by)), load);
        }
    }

    /**
     * What it does for requests.
     *
     * @param leases requests being served
     * @param overtakes requests admitted in a row while somebody waited
     * @param idleSince end of its last request, or when it became ready
     */
    public record Use(int leases, int overtakes, Instant idleSince) {}

    /**
     * When its idleness ends.
     *
     * @param ttlDue when it is unloaded for being idle
     * @param lingerUntil until when it keeps its place although it is idle and another waits
     */
    public record Idle(Optional<Instant> ttlDue, Optional<Instant> lingerUntil) {
        static final Idle NONE = new Idle(Optional.empty(), Optional.empty());

        Idle shifted(Duration by) {
            return new Idle(ttlDue.map(t -> t.plus(by)), lingerUntil.map(t -> t.plus(by)));
        }
    }

    static Run ordered(RunId id, Policy.Model settings, Reason reason, Instant now, Instant deadline) {
        return new Run(
                id,
                ProcessState.STARTING,
                settings,
                new Start(reason, now, deadline),
                Optional.empty(),
                Load.NOT_YET,
                new Use(0, 0, now),
                Optional.empty(),
                Idle.NONE,
                Gate.OPEN);
    }

    public ModelId model() {
        return id.model();
    }

    public int leases() {
        return use.leases();
    }

    public Optional<Instant> ttlDue() {
        return idle.ttlDue();
    }

    /** It takes new requests. */
    public boolean isServing() {
        return state == ProcessState.READY && stop.isEmpty() && gate.isOpen();
    }

    /** It was told to leave. */
    public boolean isLeaving() {
        return stop.isPresent();
    }

    /** It may have got another port than it was to have, because that one was taken; then its command is another one, too. */
    Run spawned(Child value) {
        boolean moved = value.port().isPresent() && !value.port().equals(settings.port());
        Run placed = moved ? with(settings, value.commandHash(), value.port()) : this;
        return new Run(id, state, placed.settings, start, Optional.of(value), loaded, use, stop, idle, gate);
    }

    Run loadedIn(Duration took) {
        return with(new Load(loaded.ready(), took));
    }

    Run readyFrom(Instant now) {
        return withState(ProcessState.READY)
                .with(new Load(Optional.of(now), loaded.load()))
                .with(new Use(use.leases(), 0, now));
    }

    Run idleFrom(Instant now) {
        return with(new Use(use.leases(), use.overtakes(), now));
    }

    Run leased(int overtaken) {
        return with(new Use(use.leases() + 1, overtaken, use.idleSince())).withLinger(Optional.empty());
    }

    Run returned(Instant now) {
        return with(new Use(use.leases() - 1, use.overtakes(), now));
    }

    Run withStop(ProcessState newState, Stop value) {
        return new Run(id, newState, settings, start, child, loaded, use, Optional.of(value), Idle.NONE, gate);
    }

    Run withState(ProcessState newState) {
        return new Run(id, newState, settings, start, child, loaded, use, stop, idle, gate);
    }

    Run withTtl(Optional<Instant> due) {
        return with(new Idle(due, idle.lingerUntil()));
    }

    Run withLinger(Optional<Instant> until) {
        return with(new Idle(idle.ttlDue(), until));
    }

    Run withGate(Gate value) {
        return new Run(id, state, settings, start, child, loaded, use, stop, idle, value);
    }

    private Run with(Load value) {
        return new Run(id, state, settings, start, child, value, use, stop, idle, gate);
    }

    private Run with(Use value) {
        return new Run(id, state, settings, start, child, loaded, value, stop, idle, gate);
    }

    private Run with(Idle value) {
        return new Run(id, state, settings, start, child, loaded, use, stop, value, gate);
    }

    /** New settings for a process that keeps running; the port it listens on is the one it was started with. */
    Run retuned(Policy.Model value) {
        return with(value, value.fingerprint(), settings.port());
    }

    private Run with(Policy.Model value, String fingerprint, OptionalInt port) {
        Policy.Model changed = new Policy.Model(
                value.id(),
                fingerprint,
                value.ttl(),
                value.startBudget(),
                value.grace(),
                value.concurrencyLimit(),
                value.priority(),
                port);
        return new Run(id, state, changed, start, child, loaded, use, stop, idle, gate);
    }

    /** Nobody holds a lease on it any more: the server run that gave them is over. */
    Run forgotten() {
        return with(new Use(0, 0, use.idleSince()))
                .with(Idle.NONE)
                .withGate(gate.withOrphan(true).released());
    }

    /** The same run after the clock was set forward: every moment in it moves along. */
    Run shifted(Duration by) {
        return new Run(
                id,
                state,
                settings,
                start.shifted(by),
                child,
                loaded.shifted(by),
                new Use(use.leases(), use.overtakes(), use.idleSince().plus(by)),
                stop.map(s -> s.shifted(by)),
                idle.shifted(by),
                gate);
    }
}
