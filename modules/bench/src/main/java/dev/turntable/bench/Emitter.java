package dev.turntable.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes the events of all streams, each at its time, with the clock in it. Owns one thread, which sleeps until the next event is due. An
 * event that its client is too slow to take is left out.
 */
final class Emitter {
    private static final String BEFORE =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"bench\",";
    private static final String AFTER =
            ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n";

    private final PriorityQueue<Stream> due = new PriorityQueue<>((a, b) -> Long.compare(a.next, b.next));
    private final ByteBuffer event = event();
    private final int clockAt = Wire.indexOf(event.array(), 0, event.capacity(), Wire.CLOCK) + Wire.CLOCK.length;
    private final Thread thread = Thread.ofPlatform().name("emitter").daemon().unstarted(this::run);

    void start() {
        thread.start();
    }

    void add(SocketChannel channel, long events, long gapNanos) {
        synchronized (due) {
            due.add(new Stream(channel, events, gapNanos, System.nanoTime() + gapNanos));
        }
        LockSupport.unpark(thread);
    }

    private static ByteBuffer event() {
        String data = BEFORE + "\"sent_ns\":" + "0".repeat(Wire.CLOCK_DIGITS) + AFTER;
        return ByteBuffer.wrap(Wire.bytes(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n"));
    }

    private void run() {
        while (true) {
            Stream next;
            synchronized (due) {
                next = due.peek();
            }
            if (next == null) {
                LockSupport.park(this);
                continue;
            }
            long wait = next.next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
                continue;
            }
            synchronized (due) {
                due.remove(next);
            }
            if (emit(next)) {
                next.next += next.gapNanos;
                synchronized (due) {
                    due.add(next);
                }
            }
        }
    }

    /** True when more is to come. */
    private boolean emit(Stream stream) {
        try {
            if (stream.left-- == 0) {
                stream.channel.write(ByteBuffer.wrap(Wire.STREAM_END));
                return false;
            }
            long now = System.nanoTime();
            for (int i = Wire.CLOCK_DIGITS - 1; i >= 0; i--) {
                event.put(clockAt + i, (byte) ('0' + now % 10));
                now /= 10;
            }
            event.clear();
            int written = stream.channel.write(event);
            if (written > 0 && event.hasRemaining()) {
                throw new IOException("the client reads too slowly");
            }
            return true;
        } catch (IOException gone) {
            try {
                stream.channel.close();
            } catch (IOException alreadyGone) {
                // There is nothing left to release.
            }
            return false;
        }
    }

    private static final class Stream {
        private final SocketChannel channel;
        private final long gapNanos;
        private long left;
        private long next;

        Stream(SocketChannel channel, long events, long gapNanos, long next) {
            this.channel = channel;
            this.left = events;
            this.gapNanos = gapNanos;
            this.next = next;
        }
    }
}
