package dev.turntable.proxy;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Passes Helidon's answer on and learns its status and the bytes of its body. */
final class RelayedAnswer implements DataWriter {
    private final Exchange exchange;
    private final boolean headOnly;
    private final StringBuilder head = new StringBuilder();
    private boolean headDone;
    private boolean chunked;
    private int status;
    private long length = -1;
    private long bytes;

    RelayedAnswer(Exchange exchange) {
        this.exchange = exchange;
        this.headOnly = exchange.head().method().equals("HEAD");
    }

    @Override
    public void write(BufferData... buffers) {
        writeNow(buffers);
    }

    @Override
    public void write(BufferData buffer) {
        writeNow(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
        for (BufferData buffer : buffers) {
            writeNow(buffer);
        }
    }

    @Override
    public void writeNow(BufferData buffer) {
        byte[] all = buffer.readBytes();
        try {
            int body = 0;
            if (!headDone) {
                body = learn(all);
                exchange.raw().write(all, 0, body);
            }
            int count = all.length - body;
            if (headDone && count > 0 && !headOnly) {
                bytes += chunked ? payload(all, body) : count;
                exchange.raw().write(all, body, count);
            }
            // The last bytes of a whole answer leave with Exchange.finish, after it is on the record: a client that has
            // its answer must
            // find its line in the log.
            if (!headDone || chunked || length < 0 || bytes < length && !headOnly) {
                exchange.raw().flush();
            }
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** Helidon writes its head in one piece; answers where the body begins in it. */
    private int learn(byte[] all) {
        int from = head.length();
        head.append(new String(all, StandardCharsets.ISO_8859_1));
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return all.length;
        }
        headDone = true;
        String text = head.substring(0, end);
        status = Integer.parseInt(text, 9, 12, 10);
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        length = contentLength(lower);
        chunked = lower.contains("\r\ntransfer-encoding: chunked");
        if (lower.contains("\r\nconnection: close")) {
            exchange.close();
        }
        head.setLength(0);
        if (status == 100) {
            headDone = false;
            return all.length;
        }
        return end + 4 - from;
    }

    /** -1 when the head does not say. */
    private static long contentLength(String head) {
        int at = head.indexOf("\r\ncontent-length:");
        if (at < 0) {
            return -1;
        }
        int from = at + "\r\ncontent-length:".length();
        int end = head.indexOf('\r', from);
        return Long.parseLong((end < 0 ? head.substring(from) : head.substring(from, end)).strip());
    }

    /** A chunk as Helidon writes it: size line, data, line break; several may follow the head in one piece. */
    private static long payload(byte[] all, int from) {
        long total = 0;
        int at = from;
        while (at < all.length) {
            int lineEnd = at;
            while (lineEnd < all.length && all[lineEnd] != '\r') {
                lineEnd++;
            }
            try {
                int size = Integer.parseInt(new String(all, at, lineEnd - at, StandardCharsets.ISO_8859_1), 16);
                total += size;
                at = lineEnd + 2 + size + 2;
            } catch (NumberFormatException trailer) {
                return total;
            }
        }
        return total;
    }

    void finish() {
        if (status != 0) {
            exchange.sent(status, bytes);
        }
    }

    @Override
    public void close() {
        // The connection stays ours.
    }
}
