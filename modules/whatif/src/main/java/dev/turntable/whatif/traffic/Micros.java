package dev.turntable.whatif.traffic;

import java.time.Instant;

/** Moments as microseconds since 1970, the resolution of the record. */
public final class Micros {
    private Micros() {}

    public static long of(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    public static Instant at(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }

    public static double seconds(long micros) {
        return micros / 1e6;
    }
}
