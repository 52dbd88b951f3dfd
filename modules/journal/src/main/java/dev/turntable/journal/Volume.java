package dev.turntable.journal;

import java.util.List;
import java.util.Optional;

/** The place where a journal lies: logs by epoch, and small files that are written whole. A folder, or memory with faults. */
interface Volume extends AutoCloseable {

    /** Numbers of the epochs that exist, ascending. */
    List<Integer> epochs();

    /**
     * Opens the log of an epoch, for reading only or for appending too; creates it when appending.
     *
     * @param millis time of the newest entry so far: what is appended is never older
     */
    FrameLog log(int epoch, boolean append, long millis);

    /** Bytes of an epoch's log on disk. */
    long bytes(int epoch);

    void deleteEpoch(int epoch);

    /** The content of a small file, if it exists. */
    Optional<byte[]> read(String name);

    /** Replaces a small file whole; it is on disk on return. */
    void write(String name, byte[] content);

    void delete(String name);

    /** Names of the small files that begin with the prefix, ascending, with the prefix. */
    List<String> list(String prefix);

    long freeBytes();

    /** Names this boot of the machine: unforced data survive a killed process, but not a new boot. */
    String boot();

    /** A random name for a journal at its birth. */
    String newLineage();

    @Override
    void close();
}
