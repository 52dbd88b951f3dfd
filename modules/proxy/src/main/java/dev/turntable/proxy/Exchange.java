package dev.turntable.proxy;

import dev.turntable.upstream.Headers;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.Reasons;
import dev.turntable.upstream.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One request of a client and its answer, on the client's own thread. Knows how much was sent and whether the connection can go on. The
 * answer is written as HTTP/1.1; for a client of HTTP/2, {@link AnswerFrames} translates it on its way out.
 */
final class Exchange {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    /** An unread body longer than this is not worth reading to its end: the connection is closed instead. */
    private static final long MAX_SKIPPED = 256 * 1024;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /** How the body of our answer is framed. */
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private final ClientSide side;
    private final RequestHead head;
    private final MessageBody body;
    private final Output out;
    private final String path;
    private final long startNanos = System.nanoTime();
    private Framing framing = Framing.NONE;
    private boolean continueDue;
    private boolean keepAlive;
    private boolean cut;
    private boolean onRecord;
    private int status;
    private long bodyBytes;
    private Optional<SequencedMap<String, String>> shownHeaders = Optional.empty();

    Exchange(ClientSide side, RequestHead head, MessageBody body, Output out) {
        this.side = side;
        this.head = head;
        this.body = body;
        this.out = out;
        this.path = Routes.decode(head.rawPath());
        // A request with a length and a transfer coding is read by its chunks, and nothing after it is believed (RFC
        // 9112 §6.1).
        this.keepAlive = head.keepAlive()
                && !(head.headers().contains("Content-Length") && head.headers().contains("Transfer-Encoding"));
        this.continueDue = !head.old()
                && head.headers()
                        .first("Expect")
                        .map(e -> e.equalsIgnoreCase("100-continue"))
                        .orElse(false)
                && !body.done();
    }

    RequestHead head() {
        return head;
    }

    /** The request's headers as lists and captures show them. */
    SequencedMap<String, String> shownHeaders() {
        if (shownHeaders.isEmpty()) {
            shownHeaders = Optional.of(HeaderRules.shown(head.headers()));
        }
        return shownHeaders.get();
    }

    /** The decoded path. */
    String path() {
        return path;
    }

    long startNanos() {
        return startNanos;
    }

    ClientSide clientSide() {
        return side;
    }

    /** The client's address as logs show it. */
    String client() {
        return RemoteAddress.of(
                head.headers().first("X-Forwarded-For"), head.headers().first("X-Real-IP"), side.peer());
    }

    /** The request's body; tells a client that waits for it to go on. */
    MessageBody body() throws IOException {
        if (continueDue) {
            continueDue = false;
            out.write(CONTINUE, 0, CONTINUE.length);
            out.flush();
        }
        return body;
    }

    /** True when there is a body of unknown length. */
    boolean bodyEndless() {
        return body.endless();
    }

    /** True when the client was told to go on by us, so that an upstream's own word about it would be the second. */
    boolean continued() {
        return !continueDue;
    }

    /** The status that was sent; 0 before. */
    int status() {
        return status;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    /** Marks that the request is on the record as a model's. */
    void recorded() {
        onRecord = true;
    }

    boolean onRecord() {
        return onRecord;
    }

    /** The connection ends after this answer. */
    void close() {
        keepAlive = false;
    }

    /** The answer cannot be completed: what was collected goes out, then the connection is closed, so that the client knows. */
    void cut() {
        cut = true;
        keepAlive = false;
    }

    boolean isCut() {
        return cut;
    }

    // Whole answers

    void answer(int code, String contentType, String text, Headers more) throws IOException {
        answer(code, contentType, text.getBytes(StandardCharsets.UTF_8), more);
    }

    void answer(int code, String contentType, byte[] content, Headers more) throws IOException {
        Headers headers = more.copy();
        headers.add("Content-Type", contentType);
        begin(code, "", headers, content.length);
        write(content, 0, content.length);
        end();
    }

    void text(int code, String text) throws IOException {
        answer(code, "text/plain; charset=utf-8", text, new Headers());
    }

    /** An answer without a body. */
    void empty(int code, Headers more) throws IOException {
        begin(code, "", more.copy(), code == 204 || code == 304 ? -1 : 0);
        end();
    }

    /** An error in the form the client accepts. */
    void error(int code, String message) throws IOException {
        error(code, message, new Headers());
    }

    void error(int code, String message, Headers more) throws IOException {
        Errors.Body content = Errors.body(head.headers().first("Accept"), Dialect.of(path), code, message);
        answer(code, content.contentType(), content.bytes(), more);
    }

    /** A redirect; for GET and HEAD with the little page that browsers never show (llama-swap §13.6). */
    void redirect(int code, String location) throws IOException {
        Headers headers = new Headers();
        headers.add("Location", location);
        if (head.method().equals("GET") || head.method().equals("HEAD")) {
            String page = "<a href=\"" + Errors.escapeHtml(location) + "\">" + Reasons.of(code) + "</a>.\n\n";
            answer(code, "text/html; charset=utf-8", page.getBytes(StandardCharsets.ISO_8859_1), headers);
        } else {
            empty(code, headers);
        }
    }

    /** A request that breaks the rules of the wire: one line, and the connection ends. */
    void refuse(int code) throws IOException {
        close();
        text(code, code + " " + Reasons.of(code));
        out.flush();
    }

    // Answers in pieces

    /** Sends an interim answer at once. */
    void interim(int code, String reason, Headers headers) throws IOException {
        if (head.old()) {
            return;
        }
        out.text("HTTP/1.1 " + code + " " + (reason.isEmpty() ? Reasons.of(code) : reason) + "\r\n");
        writeHeaders(headers);
        out.text("\r\n");
        out.flush();
    }

    /**
     * Begins an answer. {@code length} -1 is unknown: chunked, or until the end for an old client. The head waits in the buffer for the first
     * bytes of the body, or for {@link #flush}.
     */
    void begin(int code, String reason, Headers headers, long length) throws IOException {
        status = code;
        boolean bodyless = code == 204 || code == 304 || code < 200;
        if (bodyless || head.method().equals("HEAD")) {
            framing = Framing.NONE;
        } else if (length >= 0) {
            framing = Framing.LENGTH;
        } else {
            framing = head.old() ? Framing.CLOSE : Framing.CHUNKED;
        }
        if (framing == Framing.CLOSE || continueDue) {
            // A client that still waits to be told to send its body will not: what follows could be body or request.
            keepAlive = false;
        }
        out.text(head.old() ? "HTTP/1.0 " : "HTTP/1.1 ")
                .text(Integer.toString(code))
                .text(" ");
        out.text(reason.isEmpty() ? Reasons.of(code) : reason).text("\r\n");
        writeHeaders(headers);
        if (!headers.contains("Date")) {
            out.text("Date: ").text(side.date()).text("\r\n");
        }
        if (length >= 0 && !bodyless && !headers.contains("Content-Length")) {
            out.text("Content-Length: ").text(Long.toString(length)).text("\r\n");
        }
        if (framing == Framing.CHUNKED) {
            out.text("Transfer-Encoding: chunked\r\n");
        }
        if (!keepAlive && !headers.contains("Connection")) {
            out.text("Connection: close\r\n");
        }
        out.text("\r\n");
    }

    void write(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return;
        }
        switch (framing) {
            case NONE -> {}
            case CHUNKED -> {
                out.chunk(bytes, offset, count);
                bodyBytes += count;
            }
            case LENGTH, CLOSE -> {
                out.write(bytes, offset, count);
                bodyBytes += count;
            }
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    /**
     * Completes the answer. Its last bytes leave only with {@link #finish}, after the end is on the record: a client that has seen the end of
     * its answer must find its place free.
     */
    void end() throws IOException {
        end(new Headers());
    }

    void end(Headers trailers) throws IOException {
        if (framing == Framing.CHUNKED) {
            if (trailers.size() == 0) {
                out.write(LAST_CHUNK, 0, LAST_CHUNK.length);
            } else {
                out.text("0\r\n");
                writeHeaders(trailers);
                out.text("\r\n");
            }
        }
    }

    private void writeHeaders(Headers headers) throws IOException {
        for (int i = 0; i < headers.size(); i++) {
            out.text(headers.name(i)).text(": ").text(headers.value(i)).text("\r\n");
        }
    }

    // For answers that Helidon writes

    /** The raw way out, for whoever frames its own answer. */
    Output raw() {
        return out;
    }

    /** What an answer that was framed elsewhere came to. */
    void sent(int code, long bytes) {
        status = code;
        bodyBytes = bytes;
    }

    /** True when the next request may be read from this connection. Reads away what little is left of the body. */
    boolean finish() throws IOException {
        out.flush();
        if (!keepAlive || cut) {
            return false;
        }
        long skipped = 0;
        while (!body.done()) {
            int window = body.ready(true);
            body.consume(window);
            skipped += window;
            if (skipped > MAX_SKIPPED) {
                return false;
            }
        }
        return true;
    }
}
