package dev.turntable.journal;

import java.util.List;

/** What {@code GET /api/journal} shows. Sizes in bytes. */
public record JournalStatus(
        String lineage,
        long head,
        long earliest,
        int epoch,
        List<Integer> epochs,
        long bytes,
        String durability,
        boolean degraded,
        String recovery,
        List<FollowerStatus> followers) {
    public JournalStatus {
        epochs = List.copyOf(epochs);
        followers = List.copyOf(followers);
    }

    JournalStatus withDurability(String durability) {
        return new JournalStatus(
                lineage, head, earliest, epoch, epochs, bytes, durability, degraded, recovery, followers);
    }

    /** One follower and how many commits it has yet to see. */
    public record FollowerStatus(String name, long position, long lag) {}
}
