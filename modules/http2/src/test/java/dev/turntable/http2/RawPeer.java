package dev.turntable.http2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that says what it likes, frame by frame, to a connection of ours over a real socket. */
final class RawPeer implements AutoCloseable {
    /** What serves a stream. */
    interface Script {
        void serve(Http2Stream stream) throws Exception;
    }

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean is(int wanted) {
            return type == wanted;
        }

        boolean ends() {
            return (type == Frames.DATA || type == Frames.HEADERS) && (flags & Frames.END_STREAM) != 0;
        }

        /** The number a reset, a good-bye or a window update carries last. */
        int number() {
            return Frames.int32(payload, payload.length - 4);
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    final Http2Connection connection;
    final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    final AtomicInteger serving = new AtomicInteger();
    final CountDownLatch over = new CountDownLatch(1);
    volatile boolean full;
    private final Socket socket;
    private final InputStream in;
    private final HpackDecoder hpack = new HpackDecoder();

    RawPeer(Script script) throws IOException {
        this(script, 1 << 20);
    }

    RawPeer(Script script, int headerLimit) throws IOException {
        Socket far;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
            far = listener.accept();
        }
        socket.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = socket.getInputStream();
        connection = new Http2Connection(
                far.getInputStream(), far.getOutputStream(), () -> close(far), new Scripted(script), headerLimit);
        Thread.ofVirtual().start(() -> {
            connection.run();
            over.countDown();
        });
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Scripted implements Handler {
        private final Script script;

        Scripted(Script script) {
            this.script = script;
        }

        @Override
        public boolean admit() {
            return !full;
        }

        @Override
        public void serve(Http2Stream stream) {
            serving.incrementAndGet();
            try {
                script.serve(stream);
            } catch (Exception failed) {
                failures.add(failed);
            } finally {
                serving.decrementAndGet();
            }
        }

        @Override
        public void tooLarge(Http2Stream stream) {
            try {
                stream.head(431, List.of());
                stream.end(List.of());
            } catch (IOException failed) {
                failures.add(failed);
            }
        }
    }

    // Saying

    RawPeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawPeer send(int type, int flags, int stream, byte[] payload) throws IOException {
        byte[] frame = new byte[Frames.HEAD + payload.length];
        Frames.putHead(frame, 0, payload.length, type, flags, stream);
        System.arraycopy(payload, 0, frame, Frames.HEAD, payload.length);
        return send(frame);
    }

    RawPeer send(int type, int flags, int stream, String hex) throws IOException {
        return send(type, flags, stream, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Preface and settings, as pairs of name and value. */
    RawPeer hello(int... settings) throws IOException {
        send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return send(Frames.settings(settings));
    }

    /** A sound request; {@code lines} are further ones, {@code name: value}. */
    RawPeer request(int stream, String method, boolean whole, String... lines) throws IOException {
        List<String> all = new ArrayList<>(
                List.of(":method: " + method, ":scheme: https", ":authority: test", ":path: /" + stream));
        all.addAll(List.of(lines));
        return headers(stream, whole, all.toArray(String[]::new));
    }

    RawPeer headers(int stream, boolean whole, String... lines) throws IOException {
        return send(Frames.HEADERS, Frames.END_HEADERS | (whole ? Frames.END_STREAM : 0), stream, block(lines));
    }

    static byte[] block(String... lines) {
        List<Field> fields = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(": ", 1);
            fields.add(new Field(line.substring(0, colon), line.substring(colon + 2)));
        }
        return HpackEncoder.trailers(fields);
    }

    RawPeer data(int stream, byte[] bytes, boolean end) throws IOException {
        return send(Frames.DATA, end ? Frames.END_STREAM : 0, stream, bytes);
    }

    // Hearing

    /** The next frame; fails at the end of the connection. */
    Frame next() throws IOException {
        byte[] head = in.readNBytes(Frames.HEAD);
        if (head.length < Frames.HEAD) {
            throw new AssertionError("the connection has ended");
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        return new Frame(head[3], head[4], Frames.int32(head, 5), in.readNBytes(length));
    }

    /** The next frame of that type; others are passed over. */
    Frame next(int type) throws IOException {
        Frame frame = next();
        while (!frame.is(type)) {
            frame = next();
        }
        return frame;
    }

    /** The next frame that is about this stream and no window. */
    Frame of(int stream) throws IOException {
        Frame frame = next();
        while (frame.stream() != stream || frame.is(Frames.WINDOW_UPDATE)) {
            frame = next();
        }
        return frame;
    }

    /** The fields of the next header section of a stream; {@code name=value}. */
    List<String> fields(int stream) throws IOException {
        Frame frame = of(stream);
        if (!frame.is(Frames.HEADERS)) {
            throw new AssertionError("not headers: " + frame);
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(frame.payload());
        while ((frame.flags() & Frames.END_HEADERS) == 0) {
            frame = next();
            block.writeBytes(frame.payload());
        }
        List<String> fields = new ArrayList<>();
        hpack.decode(block.toByteArray(), block.size(), field -> fields.add(field.name() + "=" + field.value()));
        return fields;
    }

    /** A stream's answer to its end: status and body. */
    String answer(int stream) throws IOException {
        StringBuilder text = new StringBuilder(fields(stream).getFirst().substring(":status=".length()));
        Frame frame = of(stream);
        while (frame.is(Frames.DATA)) {
            text.append(' ').append(frame.text());
            if (frame.ends()) {
                return text.toString().stripTrailing();
            }
            frame = of(stream);
        }
        throw new AssertionError("no end: " + frame);
    }

    /** Passes over what still comes until the connection says good-bye; the code. */
    ErrorCode goAway() throws IOException {
        return ErrorCode.values()[next(Frames.GOAWAY).number()];
    }

    /** True when nothing comes any more. */
    boolean ended() throws IOException {
        try {
            int read = in.read();
            while (read >= 0) {
                read = in.read();
            }
            return true;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    boolean isOver() throws InterruptedException {
        return over.await(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        try {
            if (!isOver()) {
                throw new AssertionError("the connection did not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
