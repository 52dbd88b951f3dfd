package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;

/** Commits as frames: the payload's JSON behind the header of {@link Frame}. Safe from any thread. */
final class CommitCodec {
    record Payload(Fact fact, List<Decision> decisions) {}

    /** Built once for all journals, because finding the shapes of every event takes longer than opening one. */
    static final CommitCodec CURRENT = new CommitCodec();

    private final RecordCodec<Payload> codec = RecordCodec.of(Payload.class, MethodHandles.lookup());

    private CommitCodec() {}

    /** Writes the payload behind the room for the header and returns its length. Throws {@link JournalException} TOO_LARGE. */
    int encode(Fact fact, List<Decision> decisions, FrameBuffer into) {
        into.reset();
        codec.encode(new Payload(fact, decisions), into);
        return into.payloadLength();
    }

    /** The commit in a whole frame. Throws {@link JournalException} UNREADABLE. */
    Commit decode(byte[] frame) {
        Frame.Header header = Frame.header(frame);
        Payload payload;
        try {
            payload = codec.decode(frame, Frame.HEADER, Frame.payloadLength(frame));
        } catch (JournalException e) {
            throw new JournalException(e.code(), "commit " + header.seq() + ": " + e.getMessage(), e);
        }
        return new Commit(
                header.seq(),
                Times.ofMicros(header.timeMicros()),
                header.monotonicNanos(),
                header.epoch(),
                header.run(),
                payload.fact(),
                payload.decisions());
    }

    /** A frame under construction, used again for every commit; grows up to the limit of a payload. */
    static final class FrameBuffer extends OutputStream {
        private static final int USUAL = 4096;
        private byte[] bytes = new byte[USUAL];
        private int length = Frame.HEADER;

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        int payloadLength() {
            return length - Frame.HEADER;
        }

        void reset() {
            length = Frame.HEADER;
        }

        @Override
        public void write(int b) {
            ensure(1);
            bytes[length++] = (byte) b;
        }

        @Override
        public void write(byte[] from, int offset, int count) {
            ensure(count);
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
        }

        private void ensure(int more) {
            int needed = length + more;
            if (needed - Frame.HEADER > Frame.MAX_PAYLOAD) {
                throw new JournalException(
                        JournalException.Code.TOO_LARGE, "a commit is longer than " + Frame.MAX_PAYLOAD + " bytes");
            }
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(
                        bytes, Math.min(Math.max(needed, bytes.length * 2), Frame.HEADER + Frame.MAX_PAYLOAD));
            }
        }
    }
}
