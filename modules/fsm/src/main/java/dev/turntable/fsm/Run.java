package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One life of one upstream process, from the order to start it until it is gone.
 *
 * @param settings those it was started with, but for the ones that a reload may retune
 * @param reason what it was started for
 * @param ordered when its start was ordered
 * @param deadline when it must be ready
 * @param child its process, once spawned
 * @param ready since when it is ready
 * @param load how long it took from spawn to ready; zero for an adopted one
 * @param leases requests being served
 * @param overtakes requests admitted in a row while somebody waited
 * @param idleSince end of its last request, or when it became ready
 * @param stop the order to leave, once given
 * @param ttlDue when it is unloaded for being idle
 * @param lingerUntil until when it keeps its place although it is idle and another waits
 * @param gate why it takes no new requests, if so
 */
public record Run(
        RunId id,
        ProcessState state,
        Policy.Model settings,
        Reason reason,
        Instant ordered,
        Instant deadline,
        Optional<Child> child,
        Optional<Instant> ready,
        Duration load,
        int leases,
        int overtakes,
        Instant idleSince,
        Optional<Stop> stop,
        Optional<Instant> ttlDue,
        Optional<Instant> lingerUntil,
        Gate gate) {

    static Run ordered(RunId id, Policy.Model settings, Reason reason, Instant now, Instant deadline) {
        return new Run(
                id,
                ProcessState.STARTING,
                settings,
                reason,
                now,
                deadline,
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                0,
                0,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Gate.OPEN);
    }

    public ModelId model() {
        return id.model();
    }

    /** It takes new requests. */
    public boolean isServing() {
        return state == ProcessState.READY && stop.isEmpty() && gate.isOpen();
    }

    /** It was told to leave. */
    public boolean isLeaving() {
        return stop.isPresent();
    }

    Run spawned(Child value) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                Optional.of(value),
                ready,
                load,
                leases,
                overtakes,
                idleSince,
                stop,
                ttlDue,
                lingerUntil,
                gate);
    }

    Run loadedIn(Duration took) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                took,
                leases,
                overtakes,
                idleSince,
                stop,
                ttlDue,
                lingerUntil,
                gate);
    }

    Run readyFrom(Instant now) {
        return new Run(
                id,
                ProcessState.READY,
                settings,
                reason,
                ordered,
                deadline,
                child,
                Optional.of(now),
                load,
                leases,
                0,
                now,
                stop,
                ttlDue,
                lingerUntil,
                gate);
    }

    Run idleFrom(Instant now) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases,
                overtakes,
                now,
                stop,
                ttlDue,
                lingerUntil,
                gate);
    }

    Run leased(int overtaken) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases + 1,
                overtaken,
                idleSince,
                stop,
                ttlDue,
                Optional.empty(),
                gate);
    }

    Run returned(Instant now) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases - 1,
                overtakes,
                now,
                stop,
                ttlDue,
                lingerUntil,
                gate);
    }

    Run withStop(ProcessState newState, Stop value) {
        return new Run(
                id,
                newState,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases,
                overtakes,
                idleSince,
                Optional.of(value),
                Optional.empty(),
                Optional.empty(),
                gate);
    }

    Run withState(ProcessState newState) {
        return new Run(
                id,
                newState,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases,
                overtakes,
                idleSince,
                stop,
                ttlDue,
                lingerUntil,
                gate);
    }

    Run withTtl(Optional<Instant> due) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases,
                overtakes,
                idleSince,
                stop,
                due,
                lingerUntil,
                gate);
    }

    Run withLinger(Optional<Instant> until) {
        return new Run(
                id, state, settings, reason, ordered, deadline, child, ready, load, leases, overtakes, idleSince, stop,
                ttlDue, until, gate);
    }

    Run withGate(Gate value) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases,
                overtakes,
                idleSince,
                stop,
                ttlDue,
                lingerUntil,
                value);
    }

    /** New settings for a process that keeps running; the port it listens on is the one it was started with. */
    Run retuned(Policy.Model value) {
        Policy.Model kept = new Policy.Model(
                value.id(),
                value.fingerprint(),
                value.ttl(),
                value.startBudget(),
                value.grace(),
                value.concurrencyLimit(),
                value.priority(),
                settings.port());
        return new Run(
                id,
                state,
                kept,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                leases,
                overtakes,
                idleSince,
                stop,
                ttlDue,
                lingerUntil,
                gate);
    }

    /** Nobody holds a lease on it any more: the server run that gave them is over. */
    Run forgotten() {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered,
                deadline,
                child,
                ready,
                load,
                0,
                0,
                idleSince,
                stop,
                Optional.empty(),
                Optional.empty(),
                gate.withOrphan(true).released());
    }

    /** The same run after the clock was set forward: every moment in it moves along. */
    Run shifted(Duration by) {
        return new Run(
                id,
                state,
                settings,
                reason,
                ordered.plus(by),
                deadline.plus(by),
                child,
                ready.map(t -> t.plus(by)),
                load,
                leases,
                overtakes,
                idleSince.plus(by),
                stop.map(s ->
                        new Stop(s.reason(), s.ordered().plus(by), s.killAt().plus(by), s.killed())),
                ttlDue.map(t -> t.plus(by)),
                lingerUntil.map(t -> t.plus(by)),
                gate);
    }
}
