package dev.turntable.api;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What waits for one subscriber: bounded by count and bytes, so that a reader that is too slow loses messages and never holds anybody up.
 * Where messages are missing it gets a repair instead: what it would know had it read them all.
 */
final class Mailbox {
    /** Messages are joined up to here. */
    private static final int PIECE = 64 << 10;

    /** Stands where messages are missing. */
    private static final byte[] GAP = {};

    private final int maxMessages;
    private final long maxBytes;
    private final Supplier<byte[]> repair;
    private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
    private long bytes;
    private long dropped;
    private boolean over;

    /** {@code repair} is asked by the reader, when it has come to the place where messages are missing. */
    Mailbox(int maxMessages, long maxBytes, Supplier<byte[]> repair) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.repair = repair;
    }

    /** Hands a message over; false when it was dropped because the box is full. Never waits. */
    synchronized boolean offer(byte[] message) {
        if (over) {
            return true;
        }
        if (messages.size() >= maxMessages || bytes + message.length > maxBytes && !messages.isEmpty()) {
            dropped++;
            if (messages.peekLast() != GAP) {
                messages.add(GAP);
            }
            return false;
        }
        messages.add(message);
        bytes += message.length;
        notifyAll();
        return true;
    }

    /**
     * What waits, as one piece, waiting for it at most this long; empty when nothing came or nothing will come, which {@link #over} tells. A
     * reader that is behind catches up with one write for many messages.
     */
    Optional<byte[]> next(Duration atMost) throws InterruptedException {
        Optional<byte[]> piece = take(atMost);
        // Outside the lock: what repairs has locks of its own.
        return piece.map(taken -> taken == GAP ? repair.get() : taken);
    }

    private synchronized Optional<byte[]> take(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (messages.isEmpty() && !over) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        if (messages.isEmpty()) {
            return Optional.empty();
        }
        if (messages.peek() == GAP) {
            return Optional.of(messages.poll());
        }
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        while (!messages.isEmpty()
                && messages.peek() != GAP
                && (piece.size() == 0 || piece.size() + messages.peek().length <= PIECE)) {
            byte[] message = messages.poll();
            bytes -= message.length;
            piece.writeBytes(message);
        }
        return Optional.of(piece.toByteArray());
    }

    /** No more messages; what waits is still handed out. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    synchronized boolean over() {
        return over && messages.isEmpty();
    }

    /** How many messages were lost so far. */
    synchronized long dropped() {
        return dropped;
    }
}
