package dev.turntable.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Our own block, {@code turntable:}, which llama-swap ignores.
 *
 * @param dataDir folder of the journal; flag and environment win over it
 * @param maxWait longest time a waiting request can be overtaken by requests of the running model
 * @param cors origins whose web pages may read the control plane; {@code *} is every origin
 */
public record TurntableSettings(
        Optional<String> dataDir,
        Durability durability,
        Duration maxWait,
        Backoff backoff,
        Retention retention,
        Limits limits,
        List<String> cors) {
    public static final TurntableSettings DEFAULTS = new TurntableSettings(
            Optional.empty(),
            Durability.STANDARD,
            Duration.ofSeconds(30),
            Backoff.DEFAULTS,
            Retention.DEFAULTS,
            Limits.DEFAULTS,
            List.of());

    public TurntableSettings {
        cors = List.copyOf(cors);
    }

    /** When commits are forced to disk. */
    public enum Durability {
        /** At stop and roll. */
        FAST,
        /** Orders and process facts before their effect, all else within a second. */
        STANDARD,
        /** Everything before it is acknowledged. */
        STRICT
    }

    /**
     * How long a model that fails to start is left alone.
     *
     * @param after failures in a row before the first pause
     * @param initial first pause; it doubles up to {@code max}
     */
    public record Backoff(int after, Duration initial, Duration max) {
        public static final Backoff DEFAULTS = new Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    /**
     * How much of the past is kept; whichever limit is met first counts.
     *
     * @param journalAge age of the oldest commit
     * @param journalBytes size of the journal
     * @param outputAge age of the oldest upstream output
     * @param outputBytes size of the output
     */
    public record Retention(Duration journalAge, long journalBytes, Duration outputAge, long outputBytes) {
        public static final Retention DEFAULTS =
                new Retention(Duration.ofDays(90), 4L << 30, Duration.ofDays(7), 2L << 30);
    }

    /**
     * Bounds that keep memory bounded.
     *
     * @param queue requests that may wait at once, all models together
     * @param requestBody bytes of a request body
     * @param header bytes of a request's header block
     * @param connections open client connections
     * @param subscribers open event and log streams
     */
    public record Limits(int queue, long requestBody, int header, int connections, int subscribers) {
        /** As many as one commit of the journal can refuse at once, when everything is unloaded. */
        public static final int MOST_WAITING = 5_000;

        public static final Limits DEFAULTS = new Limits(MOST_WAITING, 1L << 30, 128 << 10, 20_000, 256);
    }
}
