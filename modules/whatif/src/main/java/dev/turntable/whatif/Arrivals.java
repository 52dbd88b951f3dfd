package dev.turntable.whatif;

import dev.turntable.whatif.traffic.Requests;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Has the recorded requests come, each when what sets it going has happened; in whatever time. Belongs to one thread. */
final class Arrivals {
    private final Recorded recorded;
    private final Requests requests;
    private final long pause;
    private final Time time;
    private final IntConsumer asked;
    private final int[] openOf;
    private final int[] idleNext;
    private int clock; // the next request that comes by the clock
    private int over;

    /** Some time, in nanoseconds since the span began. */
    interface Time {
        long now();

        /** Does it then, or at once when that has passed. */
        void at(long nanos, Runnable what);
    }

    /** {@code asked} hears of each request when it comes, and says {@link #over} when it has ended. */
    Arrivals(Recorded recorded, long pause, Time time, IntConsumer asked) {
        this.recorded = recorded;
        this.requests = recorded.requests();
        this.pause = pause;
        this.time = time;
        this.asked = asked;
        this.openOf = new int[recorded.who().count()];
        this.idleNext = new int[recorded.who().count()];
        Arrays.fill(idleNext, Requests.NOBODY);
    }

    /** Requests that have ended. */
    int over() {
        return over;
    }

    int count() {
        return requests.size();
    }

    /** Has those come that come by the clock; the others follow. */
    void begin() {
        while (clock < requests.size() && requests.follows(clock) != Requests.BY_THE_CLOCK) {
            clock++;
        }
        if (clock < requests.size()) {
            int r = clock++;
            time.at(recorded.nanos(requests.arrived(r)), () -> {
                arrive(r);
                begin();
            });
        }
    }

    private void arrive(int r) {
        int client = requests.client(r);
        openOf[client]++;
        int next = requests.next(r);
        if (next != Requests.NOBODY) {
            switch (requests.follows(next)) {
                case Requests.BESIDE -> come(next);
                case Requests.WHEN_IDLE -> idleNext[client] = next;
                default -> {
                    // comes by itself
                }
            }
        }
        if (recorded.isLeftOut(r)) {
            time.at(time.now() + Math.max(0, requests.service(r)) * 1_000, () -> over(r));
        } else {
            asked.accept(r);
        }
    }

    /** Comes after the delay it showed; after a long pause, by the clock. */
    private void come(int r) {
        long delay = requests.delay(r);
        long at = delay >= pause ? recorded.nanos(requests.arrived(r)) : time.now() + delay * 1_000;
        time.at(at, () -> arrive(r));
    }

    /** It has ended. */
    void over(int r) {
        over++;
        int client = requests.client(r);
        openOf[client]--;
        if (requests.then(r) != Requests.NOBODY) {
            come(requests.then(r));
        }
        if (openOf[client] == 0 && idleNext[client] != Requests.NOBODY) {
            int next = idleNext[client];
            idleNext[client] = Requests.NOBODY;
            come(next);
        }
    }
}
