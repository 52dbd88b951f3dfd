package dev.turntable.journal;

import java.util.List;

/**
 * The entries of one epoch, in order, in files that only grow: what the journal asks of Chronicle Queue, or of memory.
 *
 * <p>An address names an entry; addresses grow but are not dense. Appending and deleting belong to the journal's write lock; cursors are
 * independent, one thread each.
 */
interface FrameLog extends AutoCloseable {

    /**
     * Appends one entry and returns its address.
     *
     * @param epochMillis time of the entry, never less than before: it chooses the file
     * @throws JournalException DISK_FULL when there is no room; the log takes nothing more then
     */
    long append(byte[] bytes, int length, long epochMillis);

    /** A pass over the entries, standing before the first. */
    Cursor cursor();

    /** Returns when every entry appended before the call is on disk. */
    void force();

    /** Files, oldest first. */
    List<Segment> segments();

    /** Number of the file that holds the address. */
    long segmentOf(long address);

    /** Deletes a file that is not the newest. */
    void delete(long segment);

    /** Raw contents of the files' last so many bytes, for finding frames that no cursor reaches any more. */
    void scanRaw(RawSink sink, long lastBytes);

    @Override
    void close();

    /** One file of the log. */
    record Segment(long number, long bytes) {}

    /** Takes the raw bytes of one file, a window at a time; windows overlap by {@link Frame#MAX_PAYLOAD} so that no frame is cut. */
    interface RawSink {
        void window(byte[] bytes, int length);
    }

    /** A pass over the entries. The buffer is valid until the next call. */
    interface Cursor extends AutoCloseable {
        /** Stands before the entry at this address. */
        void moveTo(long address);

        /** Reads the next entry; false at the end, as far as the log can tell. */
        boolean next();

        byte[] buffer();

        int length();

        long address();

        @Override
        void close();
    }
}
