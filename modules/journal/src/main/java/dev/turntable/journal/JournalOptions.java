package dev.turntable.journal;

import java.time.Duration;

/**
 * How a journal is kept.
 *
 * @param durability what is forced to disk when
 * @param maxAge a file may go when the one behind it began longer ago than that
 * @param maxBytes oldest files go when all files together are larger
 * @param freeSpaceFloor bytes of disk left untouched: with less free, commits wait in memory
 * @param snapshotsKept newest snapshots that stay
 * @param version the product's version, for the record
 */
public record JournalOptions(
        Durability durability, Duration maxAge, long maxBytes, long freeSpaceFloor, int snapshotsKept, String version) {

    /** Standard durability, 90 days, 4 GiB, 64 MiB floor, three snapshots. */
    public static JournalOptions defaults() {
        return new JournalOptions(Durability.STANDARD, Duration.ofDays(90), 4L << 30, 64L << 20, 3, "unknown");
    }

    public JournalOptions withDurability(Durability durability) {
        return new JournalOptions(durability, maxAge, maxBytes, freeSpaceFloor, snapshotsKept, version);
    }

    public JournalOptions withRetention(Duration maxAge, long maxBytes) {
        return new JournalOptions(durability, maxAge, maxBytes, freeSpaceFloor, snapshotsKept, version);
    }

    public JournalOptions withFreeSpaceFloor(long bytes) {
        return new JournalOptions(durability, maxAge, maxBytes, bytes, snapshotsKept, version);
    }

    public JournalOptions withVersion(String version) {
        return new JournalOptions(durability, maxAge, maxBytes, freeSpaceFloor, snapshotsKept, version);
    }
}
