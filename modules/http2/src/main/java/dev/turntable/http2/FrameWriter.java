package dev.turntable.http2;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one way out of a connection, for many threads: whoever has the turn writes. Frames about the connection never wait for their turn,
 * or a client that is slow to read could keep us from reading what it sends; whoever has the turn takes them along.
 */
final class FrameWriter {
    /** Frames that wait while somebody writes: answers to what a client sends without reading. Beyond, the connection is lost. */
    private static final int MAX_WAITING = 64 * 1024;

    private static final int SMALL = 4096;

    /** Fair, so that one large answer does not hold up many small ones. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final OutputStream out;
    private final Runnable lost;

    /** What is being written, by whoever has the turn. */
    private byte[] buffer = new byte[512];

    private int length;
    private boolean begun;
    private volatile boolean broken;

    private final ReentrantLock door = new ReentrantLock();
    private byte[] waiting = new byte[64];
    private volatile int waitingLength;

    /** {@code lost} is called when writing failed; it ends the connection. */
    FrameWriter(OutputStream out, Runnable lost) {
        this.out = out;
        this.lost = lost;
    }

    /** Keeps the first frame of a connection until there is a second. */
    void first(byte[] frame) {
        boolean _ = queue(frame);
    }

    /** Sends a whole frame as soon as can be, without waiting for others who write. */
    void control(byte[] frame) {
        if (!queue(frame)) {
            broken = true;
            lost.run();
        }
        takeAlong();
    }

    private boolean queue(byte[] frame) {
        door.lock();
        try {
            if (waitingLength + frame.length > MAX_WAITING) {
                return false;
            }
            if (waiting.length - waitingLength < frame.length) {
                waiting = Arrays.copyOf(waiting, Math.max(2 * waiting.length, waitingLength + frame.length));
            }
            System.arraycopy(frame, 0, waiting, waitingLength, frame.length);
            waitingLength += frame.length;
            return true;
        } finally {
            door.unlock();
        }
    }

    /** Writes what waits, unless somebody has the turn who will see it when he gives it back. */
    private void takeAlong() {
        while (waitingLength > 0 && !broken && turn.tryLock()) {
            try {
                collectWaiting();
                send();
            } catch (IOException seenByTheReaderToo) {
                // The connection has been ended in send().
            } finally {
                turn.unlock();
            }
        }
    }

    /**
     * Part of an answer.
     *
     * @param block a header section; empty for none
     * @param end with it the stream ends
     */
    record Piece(int stream, byte[] block, byte[] bytes, int offset, int count, boolean end) {}

    /** Sends a header section, data, or both, in one piece. Blocks while the client does not read. */
    void answer(Piece piece) throws IOException {
        turn.lock();
        try {
            collectWaiting();
            boolean withData = piece.count > 0 || piece.end && piece.block.length == 0;
            if (piece.block.length > 0) {
                headers(piece.stream, piece.block, piece.end && !withData);
            }
            if (withData) {
                put(piece.count, Frames.DATA, piece.end ? Frames.END_STREAM : 0, piece.stream);
                put(piece.bytes, piece.offset, piece.count);
            }
            send();
            if (piece.end) {
                small();
            }
        } finally {
            turn.unlock();
        }
        takeAlong();
    }

    private void headers(int stream, byte[] section, boolean end) {
        byte[] block = section;
        if (!begun) {
            begun = true;
            block = new byte[section.length + 1];
            block[0] = HpackEncoder.NO_TABLE;
            System.arraycopy(section, 0, block, 1, section.length);
        }
        int from = 0;
        do {
            int count = Math.min(Frames.MAX_PAYLOAD, block.length - from);
            int flags = from + count == block.length ? Frames.END_HEADERS : 0;
            if (from == 0) {
                put(count, Frames.HEADERS, flags | (end ? Frames.END_STREAM : 0), stream);
            } else {
                put(count, Frames.CONTINUATION, flags, stream);
            }
            put(block, from, count);
            from += count;
        } while (from < block.length);
    }

    private void put(int count, int type, int flags, int stream) {
        room(Frames.HEAD);
        Frames.putHead(buffer, length, count, type, flags, stream);
        length += Frames.HEAD;
    }

    private void put(byte[] bytes, int offset, int count) {
        room(count);
        System.arraycopy(bytes, offset, buffer, length, count);
        length += count;
    }

    /** A connection on which nobody waits for more should cost little. */
    private void small() {
        if (buffer.length > SMALL) {
            buffer = new byte[512];
        }
    }

    private void room(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }

    private void collectWaiting() {
        if (waitingLength == 0) {
            return;
        }
        door.lock();
        try {
            put(waiting, 0, waitingLength);
            waitingLength = 0;
        } finally {
            door.unlock();
        }
    }

    private void send() throws IOException {
        int count = length;
        length = 0;
        if (broken) {
            throw new EOFException("the connection is lost");
        }
        try {
            out.write(buffer, 0, count);
        } catch (IOException gone) {
            broken = true;
            lost.run();
            throw gone;
        }
    }
}
