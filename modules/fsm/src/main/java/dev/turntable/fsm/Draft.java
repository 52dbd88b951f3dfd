package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A yard being changed by one commit: arrays are shared with the yard it came from until the first change to each. Only {@link Fold}
 * writes to it.
 */
final class Draft {
    Phase phase;
    Roster roster;
    Counters counters;
    Optional<Hold> hold;
    Optional<String> activeProfile;
    boolean diskLow;
    private Berth[] berths;
    private int[] live;
    private Waiter[] queue;
    private OpenRequest[] requests;
    private int claims;
    private final Yard before;
    private boolean ownBerths;
    private boolean ownRequests;

    Draft(Yard yard) {
        this.before = yard;
        this.phase = yard.phase;
        this.roster = yard.roster;
        this.counters = yard.counters;
        this.hold = yard.hold;
        this.activeProfile = yard.activeProfile;
        this.diskLow = yard.diskLow;
        this.berths = yard.berths;
        this.live = yard.live;
        this.queue = yard.queue;
        this.requests = yard.requests;
        this.claims = yard.claims;
    }

    /** The finished yard; this draft must not be used afterwards. */
    Yard freeze() {
        if (roster.hasLeftovers()) {
            dropLeftovers();
        }
        return new Yard(this, before, berths, live, queue, requests, claims);
    }

    // Berths

    Berth berth(int i) {
        return berths[i];
    }

    int indexOf(ModelId model) {
        return roster.indexOf(model);
    }

    void put(int i, Berth next) {
        if (!ownBerths) {
            berths = berths.clone();
            ownBerths = true;
        }
        Berth old = berths[i];
        berths[i] = next;
        boolean wasLive = isLive(old);
        if (wasLive != isLive(next)) {
            live = wasLive ? without(live, i) : with(live, i);
        }
        claims += (next.claim() > 0 ? 1 : 0) - (old.claim() > 0 ? 1 : 0);
    }

    void change(int i, UnaryOperator<Berth> by) {
        put(i, by.apply(berths[i]));
    }

    /** Changes the run if it is still there; a run that is gone is passed over. */
    void changeRun(RunId id, UnaryOperator<Run> by) {
        int i = indexOf(id.model());
        if (i >= 0 && isAt(i, id)) {
            put(i, berths[i].with(by.apply(berths[i].run().orElseThrow())));
        }
    }

    /** The process in this berth is this run. */
    boolean isAt(int i, RunId id) {
        return berths[i].run().isPresent() && berths[i].run().get().id().equals(id);
    }

    /** The run, if its process is there. */
    Optional<Run> run(RunId id) {
        int i = indexOf(id.model());
        return i >= 0 && isAt(i, id) ? berths[i].run() : Optional.empty();
    }

    /** Berths with a process or a swap, ascending. Not to be changed. */
    int[] live() {
        return live;
    }

    /** How many models have claimed a turn. */
    int claims() {
        return claims;
    }

    private static boolean isLive(Berth berth) {
        return berth.run().isPresent() || berth.swap().isPresent();
    }

    /** The same berths under a new policy; leftovers of models it no longer has stay as long as something happens there. */
    void reroute(dev.turntable.event.Policy policy) {
        Set<ModelId> busy = new HashSet<>();
        for (Berth berth : berths) {
            if (!berth.isVacant()) {
                busy.add(berth.model());
            }
        }
        Berth[] old = berths;
        Roster oldRoster = roster;
        roster = Roster.of(policy, busy);
        berths = new Berth[roster.size()];
        ownBerths = true;
        for (int i = 0; i < berths.length; i++) {
            int j = oldRoster.indexOf(roster.id(i));
            berths[i] = j < 0 ? Berth.empty(roster.id(i)) : old[j];
        }
        recount();
    }

    private void dropLeftovers() {
        for (int i = 0; i < berths.length; i++) {
            if (roster.settings(i).isEmpty() && berths[i].isVacant()) {
                reroute(roster.policy());
                return;
            }
        }
    }

    private void recount() {
        int[] found = new int[berths.length];
        int n = 0;
        claims = 0;
        for (int i = 0; i < berths.length; i++) {
            if (isLive(berths[i])) {
                found[n++] = i;
            }
            claims += berths[i].claim() > 0 ? 1 : 0;
        }
        live = Arrays.copyOf(found, n);
    }

    // Requests

    Optional<OpenRequest> request(RequestId id) {
        int i = Yard.find(requests, id);
        return i < 0 ? Optional.empty() : Optional.of(requests[i]);
    }

    void put(OpenRequest request) {
        int i = Yard.find(requests, request.id());
        if (i >= 0) {
            requests = ownRequests ? requests : requests.clone();
            requests[i] = request;
            ownRequests = true;
            return;
        }
        int at = -i - 1;
        OpenRequest[] more = Arrays.copyOf(requests, requests.length + 1);
        System.arraycopy(requests, at, more, at + 1, requests.length - at);
        more[at] = request;
        requests = more;
        ownRequests = true;
    }

    void remove(RequestId id) {
        int i = Yard.find(requests, id);
        if (i >= 0) {
            OpenRequest[] fewer = Arrays.copyOf(requests, requests.length - 1);
            System.arraycopy(requests, i + 1, fewer, i, fewer.length - i);
            requests = fewer;
            ownRequests = true;
        }
    }

    void changeRequests(UnaryOperator<OpenRequest> by) {
        OpenRequest[] next = requests.clone();
        Arrays.setAll(next, i -> by.apply(next[i]));
        requests = next;
    }

    // Queue

    /** In order. Not to be changed. */
    Waiter[] queue() {
        return queue;
    }

    /** Where the waiter would stand, from 0. */
    int placeOf(Waiter waiter) {
        int at = queue.length;
        while (at > 0 && !queue[at - 1].before(waiter)) {
            at--;
        }
        return at;
    }

    void enqueue(Waiter waiter) {
        int at = placeOf(waiter);
        Waiter[] more = Arrays.copyOf(queue, queue.length + 1);
        System.arraycopy(queue, at, more, at + 1, queue.length - at);
        more[at] = waiter;
        queue = more;
    }

    /** Removes one entry, and the model's claim with its last one. */
    void dequeue(Waiter waiter) {
        int at = 0;
        while (queue[at] != waiter) {
            at++;
        }
        Waiter[] fewer = Arrays.copyOf(queue, queue.length - 1);
        System.arraycopy(queue, at + 1, fewer, at, fewer.length - at);
        queue = fewer;
        int i = indexOf(waiter.model());
        if (i >= 0 && berths[i].claim() > 0 && !isWanted(waiter.model())) {
            put(i, berths[i].claiming(0));
        }
    }

    void changeQueue(UnaryOperator<Waiter> by) {
        Waiter[] next = queue.clone();
        Arrays.setAll(next, i -> by.apply(next[i]));
        queue = next;
    }

    void clearQueue() {
        queue = new Waiter[0];
    }

    /** The queue's entry for a request. */
    Optional<Waiter> waiter(RequestId request) {
        for (Waiter waiter : queue) {
            if (waiter.request().isPresent() && waiter.request().get().equals(request)) {
                return Optional.of(waiter);
            }
        }
        return Optional.empty();
    }

    /** Somebody's wish to have the model loaded. */
    Optional<Waiter> wish(ModelId model) {
        for (Waiter waiter : queue) {
            if (waiter.request().isEmpty() && waiter.model().equals(model)) {
                return Optional.of(waiter);
            }
        }
        return Optional.empty();
    }

    /** The request that waits longest in the queue for the model. */
    Optional<Waiter> oldestWaiter(ModelId model) {
        Waiter oldest = null;
        for (Waiter waiter : queue) {
            if (waiter.request().isPresent()
                    && waiter.model().equals(model)
                    && (oldest == null || waiter.since().isBefore(oldest.since()))) {
                oldest = waiter;
            }
        }
        return Optional.ofNullable(oldest);
    }

    private boolean isWanted(ModelId model) {
        return oldestWaiter(model).isPresent();
    }

    private static int[] with(int[] sorted, int value) {
        int at = -Arrays.binarySearch(sorted, value) - 1;
        int[] more = Arrays.copyOf(sorted, sorted.length + 1);
        System.arraycopy(sorted, at, more, at + 1, sorted.length - at);
        more[at] = value;
        return more;
    }

    private static int[] without(int[] sorted, int value) {
        int at = Arrays.binarySearch(sorted, value);
        int[] fewer = Arrays.copyOf(sorted, sorted.length - 1);
        System.arraycopy(sorted, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }
}
