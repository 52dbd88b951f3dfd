package dev.turntable.process;

import java.time.Duration;

/**
 * Asks an upstream until it is ready: at once, then with a pause that grows with the time the start has taken (docs/from-llama-swap.md).
 *
 * <p>One that answers sooner than a model can load is asked a second time: see {@link #TOO_SOON}.
 *
 * <p>The pause is a twentieth of that time, between 1 ms and 250 ms: a quick upstream is noticed within 1 ms, a slow one within 5 % of
 * its load time, and a hundred refused connections are all a two-minute load costs more. It owns one virtual thread, which ends with
 * the first answer, or when it is interrupted: by the child's exit, a stop or a shutdown.
 */
final class Readiness {
    static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
    static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    /** A probe that hangs is given up after this; the next may take twice as long, because a slow answer is an answer. */
    static final Duration FIRST_LIMIT = Duration.ofSeconds(2);

    static final Duration LONGEST_LIMIT = Duration.ofSeconds(30);

    /** No model loads in so short a time. Who answers sooner may be about to fail, as many do once they listen. */
    static final Duration TOO_SOON = Duration.ofMillis(100);

    /** So much later a hasty upstream must still answer; llama-swap lets a quarter of a second pass before it asks at all (§4.4). */
    static final Duration SECOND_ASK_AFTER = Duration.ofMillis(5);

    private static final int SHARE = 20;

    private final Probe probe;
    private final Duration responseLimit;
    private final Duration haste;
    private final Listener listener;
    private final long begun = System.nanoTime();
    private int timeouts;
    private Whose whose = Whose.UNKNOWN;
    private boolean seen;
    private boolean told;

    /** Who an answer may be from. */
    enum Whose {
        OWN,
        /** It cannot be seen, or whoever it was is gone: believed when it is still so a moment later. */
        UNKNOWN,
        STRANGERS
    }

    /** Told from the probing thread, which may be interrupted: must only hand over. */
    interface Listener {
        void ready();

        void timedOut(int count);

        /** False once the child is gone: whoever answers then is not it. */
        boolean alive();

        /** Who listens at its address now. */
        Whose whose();
    }

    /**
     * @param responseLimit the model's {@code timeouts.responseHeader}; zero is none
     */
    Readiness(Probe probe, Duration responseLimit, Listener listener) {
        this(probe, responseLimit, TOO_SOON, listener);
    }

    Readiness(Probe probe, Duration responseLimit, Duration haste, Listener listener) {
        this.probe = probe;
        this.responseLimit = responseLimit;
        this.haste = haste;
        this.listener = listener;
    }

    /** Begins; interrupt the thread to end it. */
    Thread start(String name) {
        return Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        try {
            while (listener.alive()) {
                switch (ask(seen || !isHasty())) {
                    case READY -> {
                        if (told) {
                            return;
                        }
                        seen = whose != Whose.STRANGERS;
                        Thread.sleep(seen ? SECOND_ASK_AFTER : pause(System.nanoTime() - begun));
                    }
                    case TIMED_OUT -> {
                        listener.timedOut(++timeouts);
                        Thread.sleep(SHORTEST_PAUSE);
                    }
                    case NOT_YET -> Thread.sleep(pause(System.nanoTime() - begun));
                }
            }
        } catch (InterruptedException e) {
            // the start is over: that is what the interrupt says
        }
    }

    private boolean isHasty() {
        return System.nanoTime() - begun < haste.toNanos();
    }

    /** An answer counts only when it is the child's own, and the child was alive after it. */
    private Probe.Result ask(boolean believed) throws InterruptedException {
        Probe.Result result = probe.ask(limit(timeouts, responseLimit), () -> {
            whose = whose == Whose.OWN ? whose : listener.whose();
            if ((whose == Whose.OWN && believed || whose == Whose.UNKNOWN && seen) && listener.alive()) {
                told = true;
                listener.ready();
            }
        });
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return result;
    }

    static Duration pause(long elapsedNanos) {
        Duration share = Duration.ofNanos(elapsedNanos / SHARE);
        return max(SHORTEST_PAUSE, min(LONGEST_PAUSE, share));
    }

    static Duration limit(int timeouts, Duration responseLimit) {
        Duration own = min(LONGEST_LIMIT, FIRST_LIMIT.multipliedBy(1L << Math.min(timeouts, 4)));
        return responseLimit.isZero() ? own : min(own, responseLimit);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
