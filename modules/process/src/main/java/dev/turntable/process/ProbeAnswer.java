package dev.turntable.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;

/** Reads as much of an HTTP answer as a probe needs: the final status, and then a little more out of courtesy. */
final class ProbeAnswer {
    /** Interim answers tolerated before the final one. */
    private static final int MAX_INTERIM = 8;

    /** Head of an answer; a longer one is no answer. */
    private static final int MAX_HEAD_BYTES = 64 << 10;

    /** What is still read of a good answer, so that the upstream does not see its connection break while it writes. */
    private static final int MAX_REST_BYTES = 64 << 10;

    private static final Duration REST_LIMIT = Duration.ofMillis(250);

    private final Socket socket;
    private final InputStream in;
    private Deadline deadline;
    private final byte[] buffer = new byte[2048];
    private int position;
    private int limit;
    private int head;

    ProbeAnswer(Socket socket, Deadline deadline) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = deadline;
    }

    /** The final status. */
    int status() throws IOException {
        for (int interim = 0; interim <= MAX_INTERIM; interim++) {
            int status = parse(line());
            if (status / 100 != 1 || status == 101) {
                return status;
            }
            while (!line().isEmpty()) {
                // headers of an interim answer
            }
        }
        throw new IOException("too many interim answers");
    }

    /**
     * Reads the rest: as much as its length says, otherwise until the end, within bounds. No longer than that, because an upstream with
     * one thread may serve nobody else before we leave.
     */
    void rest() {
        deadline = new Deadline(System.nanoTime() + REST_LIMIT.toNanos());
        try {
            long left = MAX_REST_BYTES;
            for (String line = line(); !line.isEmpty(); line = line()) {
                left = length(line).orElse(left);
            }
            for (head = 0; head < left; ) {
                next();
            }
        } catch (IOException e) {
            // the answer is known already
        }
    }

    private static OptionalLong length(String header) {
        int colon = header.indexOf(':');
        String digits = header.substring(colon + 1).strip();
        return colon > 0
                        && header.substring(0, colon).equalsIgnoreCase("Content-Length")
                        && digits.matches("[0-9]{1,18}")
                ? OptionalLong.of(Math.min(MAX_REST_BYTES, Long.parseLong(digits)))
                : OptionalLong.empty();
    }

    private static int parse(String line) throws IOException {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/") || !parts[1].matches("[1-9][0-9]{2}")) {
            throw new IOException("not an HTTP answer");
        }
        return Integer.parseInt(parts[1]);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = next(); b != '\n'; b = next()) {
            line.append((char) b);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    private int next() throws IOException {
        if (position == limit) {
            socket.setSoTimeout(deadline.millis());
            limit = in.read(buffer);
            position = 0;
            if (limit < 0) {
                throw new IOException("ended in its head");
            }
        }
        if (++head > MAX_HEAD_BYTES) {
            throw new IOException("head too long");
        }
        return buffer[position++] & 0xFF;
    }

    /** The moment by which everything must have happened. */
    record Deadline(long nanos) {
        int millis() throws SocketTimeoutException {
            long left = nanos - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            return (int) Math.max(1, left / 1_000_000);
        }
    }
}
