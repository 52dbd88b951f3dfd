package dev.turntable.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The time of commits: steps forward with the wall clock, never back, and in between runs with the monotonic one.
 *
 * <p>When the wall clock is set forward, the time of commits steps with it, and so do all deadlines. When it is set back, the time of
 * commits goes on as if nothing had happened, ahead of the wall until that catches up or the server starts anew: deadlines keep their
 * length, and the journal's times never decrease. Guarded by the Conductor's lock.
 */
final class CommitClock {
    /** Smaller differences are not followed: without a step on record no deadline may come before its time, and no record is worth so little. */
    static final Duration STEP = Duration.ofMillis(10);

    private final EngineClock clock;
    private Instant anchor;
    private long anchorNanos;
    private Duration lag = Duration.ZERO; // how far the wall is known to be behind the anchor's line

    CommitClock(EngineClock clock, Instant notBefore) {
        this.clock = clock;
        Instant wall = clock.wall().truncatedTo(ChronoUnit.MICROS);
        this.anchor = wall.isBefore(notBefore) ? notBefore : wall;
        this.anchorNanos = clock.monotonicNanos();
        this.lag = Duration.between(wall, anchor);
    }

    /** The time now by the line that was anchored last. */
    Instant now() {
        return at(clock.monotonicNanos());
    }

    private Instant at(long nanos) {
        return anchor.plusNanos(nanos - anchorNanos).truncatedTo(ChronoUnit.MICROS);
    }

    /** When that time will be, on the monotonic clock. */
    long nanosAt(Instant time) {
        return anchorNanos + Duration.between(anchor, time).toNanos();
    }

    /**
     * Looks at the wall clock. A step forward is followed, and returned as positive; a step back is not, and returned as negative; a wall
     * that was behind and has come nearer, or is ahead by less than a step, is neither. The thread may be held up between two looks at two
     * clocks: what counts is by how much the wall has moved at least.
     */
    Optional<Duration> step() {
        long before = clock.monotonicNanos();
        Instant wall = clock.wall();
        long after = clock.monotonicNanos();
        Duration ahead = Duration.between(at(after), wall).truncatedTo(ChronoUnit.MICROS);
        Duration behind = Duration.between(wall, at(before)).truncatedTo(ChronoUnit.MICROS);
        Duration back = behind.minus(lag);
        lag = behind.isPositive() ? behind : Duration.ZERO;
        if (ahead.compareTo(STEP) >= 0) {
            anchor = at(after).plus(ahead);
            anchorNanos = after;
            return Optional.of(ahead);
        }
        return back.compareTo(STEP) >= 0 ? Optional.of(back.negated()) : Optional.empty();
    }
}
