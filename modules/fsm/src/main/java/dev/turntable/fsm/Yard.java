package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The core's whole state after some commit: all processes, leases, swaps, the queue and the timers. Immutable; the fold of the journal.
 *
 * <p>Safe to read from any thread. {@link Core} makes the next one.
 */
public final class Yard {
    private static final Yard EMPTY = of(new YardImage(
            Phase.NEW,
            Policies.NONE,
            Counters.NONE,
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false));

    final Phase phase;
    final Roster roster;
    final Counters counters;
    final Optional<Hold> hold;
    final Optional<String> activeProfile;
    final boolean diskLow;
    final Berth[] berths;
    final int[] live;
    final Waiter[] queue;
    final OpenRequest[] requests;
    final int claims;
    final Optional<Instant>
            oldest; // derived; carried along while the queue stays as it is, for it is asked for at every commit

    Yard(Draft draft, Yard before, Berth[] berths, int[] live, Waiter[] queue, OpenRequest[] requests, int claims) {
        this.phase = draft.phase;
        this.roster = draft.roster;
        this.counters = draft.counters;
        this.hold = draft.hold;
        this.activeProfile = draft.activeProfile;
        this.diskLow = draft.diskLow;
        this.berths = berths;
        this.live = live;
        this.queue = queue;
        this.requests = requests;
        this.claims = claims;
        boolean sameQueue = queue == before.queue && claims == before.claims && roster == before.roster;
        this.oldest = sameQueue ? before.oldest : Timers.oldest(this);
    }

    private Yard(YardImage image) {
        this.phase = image.phase();
        this.counters = image.counters();
        this.hold = image.hold();
        this.activeProfile = image.activeProfile();
        this.diskLow = image.diskLow();
        Set<ModelId> leftovers = new HashSet<>();
        image.berths().stream().filter(b -> !b.isVacant()).forEach(b -> leftovers.add(b.model()));
        this.roster = Roster.of(image.policy(), leftovers);
        this.berths = new Berth[roster.size()];
        Arrays.setAll(berths, i -> Berth.empty(roster.id(i)));
        int[] found = new int[berths.length];
        int n = 0;
        int claimed = 0;
        for (Berth berth : image.berths()) {
            int i = roster.indexOf(berth.model());
            if (i < 0) {
                throw new FsmException(
                        "the image has a berth for a model that is neither configured nor busy: " + berth.model());
            }
            berths[i] = berth;
            if (berth.run().isPresent() || berth.swap().isPresent()) {
                found[n++] = i;
            }
            claimed += berth.claim() > 0 ? 1 : 0;
        }
        this.live = Arrays.copyOf(found, n);
        this.claims = claimed;
        this.queue = image.queue().toArray(Waiter[]::new);
        this.requests = image.requests().toArray(OpenRequest[]::new);
        this.oldest = Timers.oldest(this);
    }

    /** The yard before the first commit. */
    public static Yard empty() {
        return EMPTY;
    }

    /** The yard that {@link #image} was taken of. Throws {@link FsmException} for an image that no fold could have produced. */
    public static Yard of(YardImage image) {
        return new Yard(image);
    }

    /** Everything in here as plain records, for a snapshot. */
    public YardImage image() {
        List<Berth> used = new ArrayList<>();
        for (Berth berth : berths) {
            if (!berth.equals(Berth.empty(berth.model()))) {
                used.add(berth);
            }
        }
        return new YardImage(
                phase,
                roster.policy(),
                counters,
                used,
                List.of(queue),
                List.of(requests),
                hold,
                activeProfile,
                diskLow);
    }

    /** SHA-256 over everything in here, in lower-case hex: equal for equal states, on every machine. */
    public String stateHash() {
        return StateHash.of(image());
    }

    // The server

    public Phase phase() {
        return phase;
    }

    /** The policy in force; empty lists before the first configuration. */
    public Policy policy() {
        return roster.policy();
    }

    public Counters counters() {
        return counters;
    }

    /** Why nothing may start, if so. */
    public Optional<Hold> hold() {
        return hold;
    }

    /** The active profile of the mapping form. */
    public Optional<String> activeProfile() {
        return activeProfile;
    }

    /** The journal's disk is below its floor. */
    public boolean diskLow() {
        return diskLow;
    }

    // Models

    /** All that is known of one model; empty for one that is neither configured nor running. */
    public Optional<Berth> berth(ModelId model) {
        int i = roster.indexOf(model);
        return i < 0 ? Optional.empty() : Optional.of(berths[i]);
    }

    /** Every model, sorted. */
    public List<Berth> berths() {
        return List.of(berths);
    }

    /** The state clients see; {@code STOPPED} for a model nobody knows. */
    public ProcessState state(ModelId model) {
        return run(model).map(Run::state).orElseGet(this::stateWithoutRun);
    }

    private ProcessState stateWithoutRun() {
        return phase.ends() ? ProcessState.SHUTDOWN : ProcessState.STOPPED;
    }

    /** The model's process, unless it is stopped. */
    public Optional<Run> run(ModelId model) {
        int i = roster.indexOf(model);
        return i < 0 ? Optional.empty() : berths[i].run();
    }

    /** The run, while its process is there. */
    public Optional<Run> run(RunId id) {
        return run(id.model()).filter(r -> r.id().equals(id));
    }

    /** Every process that is not stopped, by model. */
    public List<Run> runs() {
        List<Run> runs = new ArrayList<>(live.length);
        for (int i : live) {
            berths[i].run().ifPresent(runs::add);
        }
        return runs;
    }

    /** Requests being served by the model now. */
    public int inFlight(ModelId model) {
        return run(model).map(Run::leases).orElse(0);
    }

    /** How long the model usually takes from spawn to ready: the median of its last loads. */
    public Optional<Duration> usualLoad(ModelId model) {
        return berth(model).flatMap(Berth::usualLoad);
    }

    // Swaps and queue

    /** Swaps under way, by model. */
    public List<Swap> swaps() {
        List<Swap> swaps = new ArrayList<>();
        for (int i : live) {
            berths[i].swap().ifPresent(swaps::add);
        }
        return swaps;
    }

    public Optional<Swap> swap(SwapId id) {
        return swaps().stream().filter(s -> s.id().equals(id)).findFirst();
    }

    /** Everybody who waits and has not joined a swap, first come first. */
    public List<Waiter> queue() {
        return List.of(queue);
    }

    /** Where a queued request stands over the whole queue, from 1. Empty when it is not queued, also when it has joined a swap. */
    public Optional<Integer> position(RequestId request) {
        for (int i = 0; i < queue.length; i++) {
            if (queue[i].request().isPresent() && queue[i].request().get().equals(request)) {
                return Optional.of(i + 1);
            }
        }
        return Optional.empty();
    }

    // Requests

    /** A request that has arrived and not yet ended. */
    public Optional<OpenRequest> request(RequestId id) {
        int i = find(requests, id);
        return i < 0 ? Optional.empty() : Optional.of(requests[i]);
    }

    /** Every request that has arrived and not yet ended, by id. */
    public List<OpenRequest> requests() {
        return List.of(requests);
    }

    // Timers

    /** The next moment something is due; empty when nothing is. */
    public Optional<Instant> nextWake() {
        return Timers.earliest(this);
    }

    /** What is due at {@code now}, earliest first. */
    public List<Due> due(Instant now) {
        return Timers.due(this, now);
    }

    /** Index of the request, or {@code -(insertion point) - 1}. */
    static int find(OpenRequest[] sorted, RequestId id) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = sorted[middle].id().compareTo(id);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Yard yard && image().equals(yard.image());
    }

    @Override
    public int hashCode() {
        return image().hashCode();
    }

    @Override
    public String toString() {
        return image().toString();
    }
}
