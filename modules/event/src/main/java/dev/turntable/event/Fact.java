package dev.turntable.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something that happened outside the core. Facts reach the Conductor from the data plane, the processes, the operator and the clock. Text of
 * any length is cut here: no fact may be too long for a commit.
 */
public sealed interface Fact extends Event {
    /** The longest text of a fact. */
    int MOST_TEXT = 2_000;

    /** The longest list of texts. */
    int MOST_LINES = 100;

    // The server's own life

    /**
     * A server run began.
     *
     * @param version the product's
     * @param boot names the machine's boot
     * @param rules the {@link #RULES} of the program that decides from here on; missing for 1
     */
    @EventType("server.started")
    record ServerStarted(String version, long pid, String boot, OptionalInt rules) implements Fact {
        /** One higher with each release in which the core concludes something else from the same facts (docs/decisions/0080-rules.md). */
        public static final int RULES = 2;

        /** A run of this program. */
        public ServerStarted(String version, long pid, String boot) {
            this(version, pid, boot, OptionalInt.of(RULES));
        }

        /** This program would conclude the same from what follows. */
        public boolean isByOurRules() {
            return rules.orElse(1) == RULES;
        }
    }

    /** The listener is bound; {@code everywhere} says that other machines can reach it. */
    @EventType("server.listening")
    record ServerListening(String address, boolean tls, boolean everywhere) implements Fact {}

    /**
     * The server takes no new requests: whoever waits is refused, starts are broken off, what is idle is stopped. Requests being served
     * may end, until {@link ServerDrained}.
     *
     * @param signal its name, such as SIGTERM; older journals say {@code stop}
     * @param grace the longest that any process gets; absent in older journals, which stopped nothing yet
     */
    @EventType("server.stopping")
    record ServerStopping(String signal, Optional<Duration> grace) implements Fact {}

    /** The time for open requests to end is over: every process is stopped, with its own grace or this one if that is shorter. */
    @EventType("server.drained")
    record ServerDrained(Duration grace) implements Fact {}

    /** A second signal: nobody is waited for any more, every process is killed. */
    @EventType("server.forced")
    record ServerForced(String signal) implements Fact {}

    @EventType("server.stopped")
    record ServerStopped() implements Fact {}

    /**
     * A configuration was validated whole and is in force. {@code origin} is start, sighup, watch, api or rollback; {@code profiles} are
     * those that can be active under it.
     */
    @EventType("config.applied")
    record ConfigApplied(
            String hash,
            String origin,
            Policy policy,
            ConfigChange change,
            List<String> warnings,
            List<String> profiles)
            implements Fact {
        public ConfigApplied {
            warnings = Texts.cut(warnings, MOST_LINES, MOST_TEXT);
            profiles = List.copyOf(profiles);
        }

        /** Without profiles that could be active. */
        public ConfigApplied(String hash, String origin, Policy policy, ConfigChange change, List<String> warnings) {
            this(hash, origin, policy, change, warnings, List.of());
        }
    }

    /** A configuration was refused; the one before stays. */
    @EventType("config.rejected")
    record ConfigRejected(String origin, List<String> errors) implements Fact {
        public ConfigRejected {
            errors = Texts.cut(errors, MOST_LINES, MOST_TEXT);
        }
    }

    /** Which models a new configuration added, removed, made stale (must restart) or retuned (keep running); {@code keys} names other top-level keys. */
    record ConfigChange(
            List<ModelId> added, List<ModelId> removed, List<ModelId> stale, List<ModelId> retuned, List<String> keys) {
        public ConfigChange {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            stale = List.copyOf(stale);
            retuned = List.copyOf(retuned);
            keys = List.copyOf(keys);
        }
    }

    /** The wall clock moved by itself; negative is back. */
    @EventType("clock.stepped")
    record ClockStepped(Duration by) implements Fact {}

    /** The engine wants to keep a snapshot of the state as it is now; the core answers with its hash. */
    @EventType("snapshot.due")
    record SnapshotDue() implements Fact {}

    // Requests

    /**
     * A client asked for a model.
     *
     * @param model real id, or the name as asked where the route is not local
     * @param asked the name the client wrote
     * @param path decoded path as received, without query
     * @param activityPath path as activity rows show it (prefixes stripped); empty when the request leaves no row
     * @param client address without port
     * @param selector id of the selector that chose the model
     * @param profile old-style profile part of {@code profile:model}
     */
    @EventType("request.arrived")
    record RequestArrived(
            RequestId request,
            ModelId model,
            Route route,
            String asked,
            String method,
            String path,
            Optional<String> activityPath,
            String protocol,
            String client,
            Optional<String> agent,
            boolean streaming,
            Optional<String> selector,
            Optional<String> profile)
            implements Fact {}

    /**
     * A request ended. Every request that arrived ends with exactly one of these.
     *
     * @param status status the client got; 0 when it got none
     * @param bytes body bytes sent to the client
     * @param firstByte from arrival to the first byte of the upstream's answer, if there was one
     * @param duration from arrival to the end
     * @param error short reason for a failed one, as activity rows show it (llama-swap §8.3)
     */
    @EventType("request.finished")
    record RequestFinished(
            RequestId request,
            Outcome outcome,
            int status,
            long bytes,
            Optional<Duration> firstByte,
            Duration duration,
            Optional<String> contentType,
            Optional<Tokens> tokens,
            Optional<String> error)
            implements Fact {}

    /**
     * A request was sent once more on a fresh connection: the idle one it was sent on had been closed by the upstream, which answered nothing.
     *
     * @param error what the closed connection said
     */
    @EventType("request.retried")
    record RequestRetried(RequestId request, String error) implements Fact {
        public RequestRetried {
            error = Texts.cut(error, MOST_TEXT);
        }
    }

    /** A waiting request was given up: its client left, or {@code by} cancelled it. A {@link RequestFinished} follows. */
    @EventType("request.abandoned")
    record RequestAbandoned(RequestId request, Stage stage, Actor by) implements Fact {}

    /** A request that is no model's business was answered; the source of its line in the proxy log. */
    @EventType("http.served")
    record HttpServed(
            String method,
            String path,
            String protocol,
            int status,
            long bytes,
            String client,
            Optional<String> agent,
            Duration duration)
            implements Fact {}

    // Processes

    /**
     * A child runs. {@code startTicks} is field 22 of /proc/pid/stat: with the pid it names the process across our restarts.
     *
     * @param commandHash hash of the arguments, compared when an orphan is adopted
     */
    @EventType("process.spawned")
    record ProcessSpawned(RunId run, long pid, long startTicks, long group, OptionalInt port, String commandHash)
            implements Fact {}

    @EventType("process.spawn_failed")
    record SpawnFailed(RunId run, String error) implements Fact {
        public SpawnFailed {
            error = Texts.cut(error, MOST_TEXT);
        }
    }

    /** The readiness probe answered 200 (or none is configured); {@code load} counts from the spawn. */
    @EventType("process.ready")
    record ProcessReady(RunId run, Duration load, String probe) implements Fact {}

    /** One probe got no answer within its own limit; {@code count} of them in this start so far. */
    @EventType("process.probe_timed_out")
    record ProbeTimedOut(RunId run, int count) implements Fact {}

    /**
     * A child ended.
     *
     * @param code of its exit; 128 + signal when a signal ended it; missing for an adopted one, because only a parent is told
     * @param signal the signal that ended it
     * @param lastLines the last lines it printed, secrets masked; none when it served and then ended as it was told to
     */
    @EventType(value = "process.exited", version = 2)
    record ProcessExited(RunId run, OptionalInt code, OptionalInt signal, long outputBytes, List<String> lastLines)
            implements Fact {
        public ProcessExited {
            lastLines = Texts.cut(lastLines, MOST_LINES, MOST_TEXT);
        }

        /** An end with a known code and nothing to quote. */
        public ProcessExited(RunId run, int code, OptionalInt signal, long outputBytes) {
            this(run, OptionalInt.of(code), signal, outputBytes, List.of());
        }

        /** {@code exit code 1}, {@code signal 9} or {@code exit code unknown}. */
        public String how() {
            if (signal.isPresent()) {
                return "signal " + signal.getAsInt();
            }
            return "exit code " + (code.isPresent() ? Integer.toString(code.getAsInt()) : "unknown");
        }
    }

    /** The stop command or signal could not be delivered; the kill follows at its deadline. */
    @EventType("process.stop_failed")
    record StopFailed(RunId run, String error) implements Fact {
        public StopFailed {
            error = Texts.cut(error, MOST_TEXT);
        }
    }

    /**
     * Processes that a run had started and that had left its group: those that were {@code ended} with it, and those that were {@code left}
     * alone, because they took off the mark that says whose they are.
     */
    @EventType("process.stragglers")
    record Stragglers(RunId run, List<Straggler> ended, List<Straggler> left) implements Fact {
        public Stragglers {
            ended = List.copyOf(ended);
            left = List.copyOf(left);
        }
    }

    /** A process by its number and its command line, shortened. */
    record Straggler(long pid, String command) {
        public Straggler {
            command = Texts.cut(command, MOST_TEXT);
        }
    }

    /** Something else listened at the port that {@code ${PORT}} stood for, so it stands for another one: {@code holder} says who. */
    @EventType("process.port_moved")
    record PortMoved(RunId run, int from, int to, String holder) implements Fact {
        public PortMoved {
            holder = Texts.cut(holder, MOST_TEXT);
        }
    }

    /** A probe was answered, but not by the run: {@code holder} listens at its {@code address}. Told once in a start. */
    @EventType("process.stranger_answered")
    record StrangerAnswered(RunId run, String address, String holder) implements Fact {}

    /** At start: a process of an earlier server run is still there. {@code adoptable}: same command, same start time, healthy. */
    @EventType("process.orphan_found")
    record OrphanFound(RunId run, long pid, boolean adoptable, String detail) implements Fact {
        public OrphanFound {
            detail = Texts.cut(detail, MOST_TEXT);
        }
    }

    /** At start: a process of an earlier server run is gone. */
    @EventType("process.lost")
    record ProcessLost(RunId run) implements Fact {}

    // Clock, operator, machine

    @EventType("timer.fired")
    record TimerFired(Timer timer, Instant due) implements Fact {}

    /** Somebody other than a request wants the model loaded. */
    @EventType("load.asked")
    record LoadAsked(ModelId model, Actor by) implements Fact {}

    /** Somebody wants these models (empty: all) unloaded, without waiting for their requests. */
    @EventType("unload.asked")
    record UnloadAsked(List<ModelId> models, Actor by) implements Fact {
        public UnloadAsked {
            models = List.copyOf(models);
        }
    }

    @EventType("profile.activated")
    record ProfileActivated(Optional<String> profile, Actor by) implements Fact {}

    /** Keep the GPU free: everything drains and stops, nothing starts until the hold is lifted. */
    @EventType("hold.placed")
    record HoldPlaced(Actor by, String note) implements Fact {
        public HoldPlaced {
            note = Texts.cut(note, MOST_TEXT);
        }
    }

    @EventType("hold.lifted")
    record HoldLifted(Actor by) implements Fact {}

    @EventType("disk.low")
    record DiskLow(long freeBytes, long floorBytes) implements Fact {}

    @EventType("disk.recovered")
    record DiskRecovered(long freeBytes, long lostCommits) implements Fact {}
}
