package dev.turntable.sim.machine;

import java.time.Duration;

/**
 * A seeded source of chance (SplitMix64). Everybody in the world has one of his own, split off by name, so that taking one actor out of
 * the world changes nothing for the others.
 */
public final class Chance {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private final long origin;
    private long state;

    public Chance(long seed) {
        this.origin = mix(seed + GOLDEN);
        this.state = origin;
    }

    /** The source of that name: always the same, however much was drawn from this one. */
    public Chance split(String name) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        }
        return new Chance(origin ^ mix(hash));
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    private long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** From 0 to {@code bound - 1}. */
    public int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    public boolean oneIn(int n) {
        return below(n) == 0;
    }

    public boolean percent(int p) {
        return below(100) < p;
    }

    /** From {@code low} to {@code high}, both included, in whole microseconds. */
    public Duration between(Duration low, Duration high) {
        long from = low.toNanos() / 1_000;
        long span = high.toNanos() / 1_000 - from + 1;
        return Duration.ofNanos((from + Long.remainderUnsigned(next(), span)) * 1_000);
    }

    public Duration seconds(double low, double high) {
        return between(Duration.ofNanos((long) (low * 1e9)), Duration.ofNanos((long) (high * 1e9)));
    }

    /** Short ones as likely as long ones: every order of magnitude between the two has the same share. */
    public Duration scattered(double lowSeconds, double highSeconds) {
        double share = (next() >>> 11) * 0x1.0p-53;
        // strictfp semantics hold for all of Java since 17; StrictMath makes pow and log the same everywhere, too
        double seconds = lowSeconds * StrictMath.pow(highSeconds / lowSeconds, share);
        return Duration.ofNanos((long) (seconds * 1e6) * 1_000);
    }
}
