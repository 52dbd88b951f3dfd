package dev.turntable.journal;

/** Something that happens to a {@link MemoryDisk}, as it happens to real ones. */
public sealed interface Fault {
    /** Power fails: what was not forced is gone, and the machine boots anew. */
    record LoseUnforcedTail() implements Fault {}

    /** Power fails while the last commit is on its way: only its first bytes are there, and the machine boots anew. */
    record Tear(int bytesKept) implements Fault {}

    /** One bit of a stored commit turns over; counts bits from the start of its frame, modulo its length. */
    record Flip(long seq, long bit) implements Fault {}

    /** From now on there is no room: commits have to wait in memory. */
    record Fill() implements Fault {}

    /** There is room again. */
    record MakeRoom() implements Fault {}
}
