package dev.turntable.proxy;

import dev.turntable.http2.Answer;
import dev.turntable.http2.Field;
import dev.turntable.upstream.HeadReader;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.Input;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes an answer as it is written for HTTP/1.1, in pieces of any size, and sends it on a stream of HTTP/2: heads, interim ones too, data,
 * trailers. Holds nothing back beyond a call but a head that is not yet whole. It reads what we wrote, or Helidon did, so a violation is a bug.
 */
final class AnswerFrames {
    /** What comes next. */
    private enum Next {
        HEAD,
        /** Data of a known length. */
        DATA,
        /** Data to the end of the answer. */
        REST,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        NOTHING
    }

    private final Answer stream;
    private final String method;
    private final ByteArrayOutputStream section = new ByteArrayOutputStream(512);
    private Next next = Next.HEAD;
    /** How much of the empty line that ends a section has been seen, 0 to 4. */
    private int ending;

    private long left;
    private long chunkSize;

    /** Data of the current call that is not sent yet: it may be the last. */
    private byte[] bytes = new byte[0];

    private int heldFrom;
    private int held;

    AnswerFrames(Answer stream, String method) {
        this.stream = stream;
        this.method = method;
    }

    void write(byte[] from, int offset, int count) throws IOException {
        bytes = from;
        int at = offset;
        int end = offset + count;
        while (at < end) {
            at = switch (next) {
                case HEAD, TRAILERS -> section(at, end);
                case DATA, CHUNK -> data(at, end);
                case REST -> {
                    hold(at, end - at);
                    yield end;
                }
                case CHUNK_SIZE -> chunkSize(at, end);
                case CHUNK_END -> chunkEnd(at, end);
                case NOTHING -> throw new IllegalStateException("bytes behind the end of an answer");
            };
        }
        release(false);
        stream.flush();
    }

    /** The answer is as long as it will be. */
    void end() throws IOException {
        if (next == Next.REST) {
            finish();
        }
    }

    private void finish() throws IOException {
        next = Next.NOTHING;
        if (held > 0) {
            release(true);
        } else {
            stream.end(List.of());
        }
    }

    // Heads and trailers

    private int section(int from, int end) throws IOException {
        int at = from;
        while (at < end && ending < 4) {
            byte one = bytes[at++];
            boolean wanted = one == (ending % 2 == 0 ? '\r' : '\n');
            ending = wanted ? ending + 1 : one == '\r' ? 1 : 0;
        }
        section.write(bytes, from, at - from);
        if (ending == 4) {
            Input whole = new Whole(section.toByteArray());
            section.reset();
            if (next == Next.HEAD) {
                head(HeadReader.response(whole));
            } else {
                trailers(HeadReader.trailers(whole));
            }
        }
        return at;
    }

    private void head(ResponseHead head) throws IOException {
        ending = 0;
        if (head.status() == 101) {
            throw new IllegalStateException("an upgrade on a stream");
        }
        stream.head(head.status(), fields(head.headers()));
        if (head.interim()) {
            return;
        }
        MessageBody body = MessageBody.ofResponse(new Whole(new byte[0]), head, method);
        switch (body.framing()) {
            case NONE -> finish();
            case LENGTH -> {
                next = Next.DATA;
                left = body.length();
                if (left == 0) {
                    finish();
                }
            }
            case CHUNKED -> next = Next.CHUNK_SIZE;
            case CLOSE -> next = Next.REST;
        }
    }

    private void trailers(Headers trailers) throws IOException {
        if (trailers.size() == 0) {
            finish();
            return;
        }
        release(false);
        next = Next.NOTHING;
        stream.end(fields(trailers));
    }

    /** Without what is about the connection (RFC 9113 §8.2.2). */
    private static List<Field> fields(Headers headers) {
        List<Field> fields = new ArrayList<>(headers.size());
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            switch (lower) {
                case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> {}
                default -> fields.add(new Field(lower, value));
            }
        });
        return fields;
    }

    // Data

    private int data(int at, int end) throws IOException {
        int count = (int) Math.min(left, end - at);
        hold(at, count);
        left -= count;
        if (left == 0) {
            if (next == Next.DATA) {
                finish();
            } else {
                next = Next.CHUNK_END;
                ending = 0;
            }
        }
        return at + count;
    }

    private int chunkSize(int from, int end) {
        int at = from;
        while (at < end) {
            byte one = bytes[at++];
            if (one == '\n') {
                left = chunkSize;
                chunkSize = 0;
                next = left == 0 ? Next.TRAILERS : Next.CHUNK;
                // The end of this line is half of the empty one that may follow.
                ending = 2;
                return at;
            }
            if (one != '\r') {
                chunkSize = chunkSize << 4 | Character.digit(one, 16);
            }
        }
        return at;
    }

    private int chunkEnd(int from, int end) {
        int at = from;
        while (at < end && ending < 2) {
            ending++;
            at++;
        }
        if (ending == 2) {
            next = Next.CHUNK_SIZE;
        }
        return at;
    }

    private void hold(int from, int count) throws IOException {
        release(false);
        heldFrom = from;
        held = count;
    }

    private void release(boolean last) throws IOException {
        if (held > 0) {
            int count = held;
            held = 0;
            stream.data(bytes, heldFrom, count, last);
        }
    }

    /** A section that is all there. */
    private static final class Whole extends Input {
        Whole(byte[] bytes) {
            append(bytes);
        }

        @Override
        public boolean fill() {
            return false;
        }
    }
}
