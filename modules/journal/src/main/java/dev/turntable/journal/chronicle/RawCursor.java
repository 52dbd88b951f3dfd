package dev.turntable.journal.chronicle;

import dev.turntable.journal.JournalException;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/** One pass over the entries of a {@link RawQueue}; one thread at a time. Holds mapped memory until it is closed. */
public final class RawCursor implements AutoCloseable {
    private static final int LARGEST = RawQueue.BLOCK / 4;

    private final ExcerptTailer tailer;
    private byte[] buffer = new byte[4096];
    private int length;
    private long address;

    RawCursor(ExcerptTailer tailer) {
        this.tailer = tailer;
        tailer.singleThreadedCheckDisabled(true);
    }

    /** Stands before the entry at this address. Throws {@link JournalException} DAMAGED when there is none. */
    public void moveTo(long address) {
        try {
            if (!tailer.moveToIndex(address)) {
                throw new JournalException(JournalException.Code.DAMAGED, "no entry at " + Long.toHexString(address));
            }
        } catch (JournalException e) {
            throw e;
        } catch (RuntimeException | InternalError e) {
            throw damaged(e);
        }
    }

    /** Reads the next entry into the buffer; false at the end. Throws {@link JournalException} DAMAGED. */
    public boolean next() {
        boolean interrupted = Thread.interrupted(); // an interrupt would close the file under us
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) {
                return false;
            }
            Bytes<?> bytes = document.wire().bytes();
            long remaining = bytes.readRemaining();
            if (remaining > LARGEST) {
                throw new JournalException(
                        JournalException.Code.DAMAGED, "an entry claims to have " + remaining + " bytes");
            }
            length = (int) remaining;
            if (length > buffer.length) {
                buffer = new byte[Math.max(length, Math.min(LARGEST, buffer.length * 2))];
            }
            bytes.read(buffer, 0, length);
            address = document.index();
            return true;
        } catch (JournalException e) {
            throw e;
        } catch (RuntimeException | InternalError | AssertionError e) {
            throw damaged(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static JournalException damaged(Throwable e) {
        return new JournalException(JournalException.Code.DAMAGED, "the queue cannot be read: " + e, e);
    }

    /** The entry's bytes, valid until the next call; longer than the entry. */
    public byte[] buffer() {
        return buffer;
    }

    public int length() {
        return length;
    }

    public long address() {
        return address;
    }

    @Override
    public void close() {
        tailer.close();
    }
}
