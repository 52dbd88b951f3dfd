/**
 * The record: an append-only, checksummed, hash-chained sequence of commits, on disk in a Chronicle Queue or in memory for tests and the
 * simulator.
 *
 * <p>It knows how commits are written, forced, followed, verified and thrown away; it never asks what one means. No other room names
 * {@code net.openhft}. Start at {@link dev.turntable.journal.Journal}; {@link dev.turntable.journal.RecordCodec} turns records into
 * JSON and back for everybody.
 */
module dev.turntable.journal {
    requires transitive dev.turntable.event;
    requires transitive com.fasterxml.jackson.core;

    // Chronicle Queue, seen by the hidden package dev.turntable.journal.chronicle alone
    requires chronicle.bytes;
    requires chronicle.core;
    requires chronicle.queue;
    requires chronicle.wire;
    requires jdk.unsupported;
    requires org.slf4j;

    exports dev.turntable.journal;
}
