package dev.turntable.proxy.exchange;

import dev.turntable.event.RequestId;
import dev.turntable.proxy.door.ClientConnection;
import dev.turntable.proxy.door.Latin1;
import dev.turntable.proxy.door.RequestLine;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.Input;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.Reasons;
import dev.turntable.upstream.WireException;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DateTime;
import io.helidon.http.Header;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One request of a client and its answer, on the client's own thread: Helidon's request, and an answer that is written here, because a proxy
 * must be able to send interim answers, a head before there is a body, header lines as they came, and no end at all
 * (docs/decisions/0060). Knows how much was sent and whether the connection can go on.
 */
public final class Exchange {
    /** An unread body longer than this is not worth reading to its end: the connection is closed instead. */
    private static final long MAX_SKIPPED = 256 * 1024;

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

    private static final String REQUEST_ID = "X-Request-Id";
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /** How the body of our answer is framed. */
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private final ServerRequest request;
    private final ServerResponse response;
    private final ClientConnection side;
    private final RequestHead head;
    private final EntityInput entity;
    private final MessageBody body;
    private final Output out;
    private final String path;
    private final Headers added = new Headers();
    private Optional<RequestId> number = Optional.empty();
    private final boolean continueExpected;
    private final long startNanos = System.nanoTime();
    private Framing framing = Framing.NONE;
    private boolean keepAlive;
    private boolean cut;
    private boolean onRecord;
    private int status;
    private long bodyBytes;
    private Optional<String> allowedOrigin = Optional.empty();
    private Optional<SequencedMap<String, String>> shownHeaders = Optional.empty();

    private Exchange(ServerRequest request, ServerResponse response) {
        this.request = request;
        this.response = response;
        this.side = ClientConnection.of(request);
        this.out = side.output();
        this.head = head(request, side.line());
        this.path = RoutePath.decode(head.rawPath());
        this.keepAlive = head.keepAlive();
        boolean hasBody = request.content().hasEntity();
        this.entity = new EntityInput(request);
        this.body = hasBody
                ? MessageBody.ofStream(
                        entity,
                        head.headers()
                                .first("Content-Length")
                                .map(Long::parseLong)
                                .orElse(-1L))
                : MessageBody.none(entity);
        this.continueExpected = hasBody && !head.old() && head.headers().hasToken("Expect", "100-continue");
    }

    /** Begins the exchange of a request and its answer; {@link #of} finds it from then on. */
    public static Exchange begin(ServerRequest request, ServerResponse response) {
        Exchange exchange = new Exchange(request, response);
        exchange.side.attach(exchange);
        return exchange;
    }

    /** The exchange that a request belongs to. */
    public static Exchange of(ServerRequest request) {
        return (Exchange) ClientConnection.of(request).attachment();
    }

    private static RequestHead head(ServerRequest request, RequestLine line) {
        Headers headers = new Headers();
        for (Header header : request.headers()) {
            if (header.valueCount() == 1) {
                headers.add(header.name(), Latin1.restore(header.get()));
            } else {
                header.allValues().forEach(value -> headers.add(header.name(), Latin1.restore(value)));
            }
        }
        return new RequestHead(line.method(), line.target(), line.old() ? Version.HTTP_1_0 : Version.HTTP_1_1, headers);
    }

    /** A request's body as Helidon reads it. */
    private static final class EntityInput extends Input {
        private static final int FIRST_BUFFER = 8 * 1024;

        private final ServerRequest request;
        private Optional<InputStream> stream = Optional.empty();

        EntityInput(ServerRequest request) {
            this.request = request;
        }

        /** Helidon gives it once. */
        InputStream stream() {
            if (stream.isEmpty()) {
                stream = Optional.of(request.content().inputStream());
            }
            return stream.get();
        }

        @Override
        public boolean fill() throws IOException {
            try {
                int free = room(FIRST_BUFFER);
                int read = stream().read(buffer(), limit(), free);
                grown(Math.max(0, read));
                return read >= 0;
            } catch (RequestException malformed) {
                throw new WireException(malformed.status().code(), malformed.getMessage());
            } catch (DataReader.InsufficientDataAvailableException gone) {
                throw new EOFException("the body was cut off");
            }
        }
    }

    public RequestHead head() {
        return head;
    }

    /** The method as it was written. */
    public String method() {
        return head.method();
    }

    /** The path as on the wire. */
    public String rawPath() {
        return head.rawPath();
    }

    /** The query as on the wire, without its question mark. */
    public String rawQuery() {
        return head.rawQuery();
    }

    /** The first header of that name as it was written. */
    public Optional<String> header(String name) {
        return head.headers().first(name);
    }

    /** The request's body. */
    public InputStream content() {
        return entity.stream();
    }

    /** Calls back once when the client leaves before its answer is complete; replaces the one before. */
    public void onGone(Runnable callback) {
        side.watch().onGone(callback);
    }

    /** The request's headers as lists and captures show them. */
    public SequencedMap<String, String> shownHeaders() {
        if (shownHeaders.isEmpty()) {
            shownHeaders = Optional.of(ShownHeaders.of(head.headers()));
        }
        return shownHeaders.get();
    }

    /** The decoded path. */
    public String path() {
        return path;
    }

    public long startNanos() {
        return startNanos;
    }

    /** The address at the other end of the connection. */
    public String peer() {
        return side.peer();
    }

    /** What the client sends, once the connection has left HTTP. */
    public Input input() {
        return side.input();
    }

    /** Nobody wants to know any more whether the client leaves. */
    public void quiet() {
        side.watch().quiet();
    }

    /** Ends the connection at once, which wakes whoever reads or writes there. */
    public void shut() {
        side.shut();
    }

    /** The client's address as logs show it. */
    public String client() {
        return RemoteAddress.of(
                head.headers().first("X-Forwarded-For"), head.headers().first("X-Real-IP"), side.peer());
    }

    /** The request's body; a client that waits to be told to go on is told so at the first read. */
    public MessageBody body() {
        return body;
    }

    /** True when the client does not wait for a word of the upstream: it was told to go on by us, or does not ask. */
    boolean continued() {
        return !continueExpected || request.continueSent();
    }

    /** The status that was sent; 0 before. */
    public int status() {
        return status;
    }

    public long bodyBytes() {
        return bodyBytes;
    }

    /** Marks that the request is on the record as a model's. */
    public void recorded() {
        onRecord = true;
    }

    public boolean onRecord() {
        return onRecord;
    }

    /** The connection ends after this answer. */
    public void close() {
        keepAlive = false;
    }

    /** The answer cannot be completed: what was collected goes out, then the connection is closed, so that the client knows. */
    public void cut() {
        cut = true;
        keepAlive = false;
    }

    boolean isCut() {
        return cut;
    }

    // Whole answers

    public void answer(int code, String contentType, String text, Headers more) throws IOException {
        answer(code, contentType, text.getBytes(StandardCharsets.UTF_8), more);
    }

    /** Adds a line to the head of the answer, whatever the answer will be. */
    public Exchange header(String name, String value) {
        added.add(name, value);
        return this;
    }

    /** The request has a number on the record from now on; its answer names it, whatever an upstream calls its own. */
    public void numbered(RequestId id) {
        number = Optional.of(id);
    }

    /** Lets pages of that origin read the answer, unless an upstream said whose pages may. */
    public void allow(String origin) {
        allowedOrigin = Optional.of(origin);
    }

    /** A whole answer. */
    public void answer(int code, String contentType, byte[] content) throws IOException {
        answer(code, contentType, content, new Headers());
    }

    public void answer(int code, String contentType, byte[] content, Headers more) throws IOException {
        Headers headers = more.copy();
        headers.add("Content-Type", contentType);
        begin(code, "", headers, content.length);
        write(content, 0, content.length);
        end();
    }

    public void text(int code, String text) throws IOException {
        answer(code, "text/plain; charset=utf-8", text, new Headers());
    }

    /** An answer without a body. */
    public void empty(int code) throws IOException {
        empty(code, new Headers());
    }

    public void empty(int code, Headers more) throws IOException {
        begin(code, "", more.copy(), code == 204 || code == 304 ? -1 : 0);
        end();
    }

    /** An error in the form the client accepts. */
    public void error(int code, String message) throws IOException {
        error(code, message, new Headers());
    }

    public void error(int code, String message, Headers more) throws IOException {
        Errors.Body content = Errors.body(head.headers().first("Accept"), Dialect.of(path), code, message);
        answer(code, content.contentType(), content.bytes(), more);
    }

    /** A redirect; for GET and HEAD with the little page that browsers never show (llama-swap §13.6). */
    public void redirect(int code, String location) throws IOException {
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
    public void interim(int code, String reason, Headers headers) throws IOException {
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
    public void begin(int code, String reason, Headers headers, long length) throws IOException {
        status = code;
        // Helidon keeps its books by an answer of its own, which goes nowhere.
        side.muted(response::send);
        boolean bodyless = code == 204 || code == 304 || code < 200;
        if (bodyless || head.method().equals("HEAD")) {
            framing = Framing.NONE;
        } else if (length >= 0) {
            framing = Framing.LENGTH;
        } else {
            framing = head.old() ? Framing.CLOSE : Framing.CHUNKED;
        }
        if (framing == Framing.CLOSE || !continued()) {
            // A client that still waits to be told to send its body will not: what follows could be body or request.
            keepAlive = false;
        }
        out.text(head.old() ? "HTTP/1.0 " : "HTTP/1.1 ")
                .text(Integer.toString(code))
                .text(" ");
        out.text(reason.isEmpty() ? Reasons.of(code) : reason).text("\r\n");
        allowedOrigin.ifPresent(
                origin -> headers.set(ALLOW_ORIGIN, headers.first(ALLOW_ORIGIN).orElse(origin)));
        number.ifPresent(id -> headers.set(REQUEST_ID, id.toString()));
        writeHeaders(headers);
        writeHeaders(added);
        if (!headers.contains("Date")) {
            String date = DateTime.rfc1123String(); // the JDK's formatter has one digit for the first nine days
            out.text("Date: ")
                    .text(date.charAt(6) == ' ' ? date.replaceFirst(" ", " 0") : date)
                    .text("\r\n");
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

    /** Begins an answer of unknown length. */
    public void begin(int code) throws IOException {
        begin(code, "", new Headers(), -1);
    }

    public void write(byte[] bytes, int offset, int count) throws IOException {
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

    /** Sends what was collected. */
    public void flush() throws IOException {
        out.flush();
    }

    /**
     * Completes the answer. Its last bytes leave only with {@link #finish}, after the end is on the record: a client that has seen the end of
     * its answer must find its place free.
     */
    public void end() throws IOException {
        end(new Headers());
    }

    public void end(Headers trailers) throws IOException {
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

    // The connection

    /** The raw way out, for a connection that leaves HTTP. */
    public Output raw() {
        return out;
    }

    /** What an answer that was framed elsewhere came to. */
    public void sent(int code, long bytes) {
        status = code;
        bodyBytes = bytes;
    }

    /** True when the next request may be read from this connection. Reads away what little is left of the body. */
    public boolean finish() {
        try {
            out.flush();
            long skipped = 0;
            while (keepAlive && !side.bodyRead()) {
                int window = body.ready(true);
                body.consume(window);
                skipped += window;
                keepAlive = window > 0 && skipped <= MAX_SKIPPED;
            }
            return keepAlive && !cut;
        } catch (IOException | WireException | UncheckedIOException lost) {
            return false;
        }
    }
}
