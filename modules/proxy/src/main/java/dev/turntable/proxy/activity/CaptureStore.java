package dev.turntable.proxy.activity;

import dev.turntable.event.RequestId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Captures in memory, large ones packed, first in first out (llama-swap §8.5). The bytes kept never exceed the limit; what is larger than
 * the whole limit is dropped. Keyed by request, so that the activity row of a request finds its capture.
 */
public final class CaptureStore implements CaptureSink {
    /** Deflating less than this costs more than half of what serving the request does, and saves a kilobyte or two (docs/benchmarks.md). */
    private static final int WORTH_DEFLATING = 8 * 1024;

    /** How an entry is kept; its first byte. */
    private static final byte PLAIN = 0;

    private static final byte DEFLATED = 1;

    /** Packers that rest; more than that many requests seldom end in the same moment. Each holds a quarter of a mebibyte. */
    private static final int IDLE_PACKERS = 4;

    private final LongSupplier limitBytes;
    private final ArrayDeque<Deflater> packers = new ArrayDeque<>();
    private final LinkedHashMap<RequestId, Span> spans = new LinkedHashMap<>();
    private Ring ring = new Ring(0);

    /** Where a capture lies in the ring. */
    private record Span(long start, int length) {}

    /** {@code limitBytes} is asked at every capture; 0 keeps nothing, and another limit than before begins anew. */
    public CaptureStore(LongSupplier limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public void captured(Capture capture) {
        long limit = limitBytes.getAsLong();
        if (limit <= 0) {
            return;
        }
        long bodies = size(capture.requestBody()) + size(capture.responseBody());
        boolean plain = bodies < WORTH_DEFLATING;
        Packed entry = new Packed(plain ? (int) bodies : WORTH_DEFLATING / 2);
        pack(capture, plain, entry);
        if (entry.size() > limit) {
            return;
        }
        synchronized (this) {
            if (ring.capacity() != limit) {
                clear();
                ring = new Ring(limit);
            }
            spans.remove(capture.request());
            spans.put(capture.request(), new Span(ring.write(entry.bytes(), entry.size()), entry.size()));
            var oldest = spans.values().iterator();
            while (oldest.next().start() < ring.oldest()) {
                oldest.remove();
            }
        }
    }

    /** True when the capture of this request is still kept. */
    public synchronized boolean has(RequestId request) {
        return spans.containsKey(request);
    }

    public Optional<Capture> find(RequestId request) {
        byte[] entry;
        synchronized (this) {
            Span span = spans.get(request);
            if (span == null) {
                return Optional.empty();
            }
            entry = ring.read(span.start(), span.length());
        }
        return Optional.of(unpack(request, entry));
    }

    /** Forgets everything: captures do not survive a reload. */
    public synchronized void clear() {
        spans.clear();
        ring.clear();
    }

    /** Bytes kept now. */
    public synchronized long size() {
        return spans.values().stream().mapToLong(Span::length).sum();
    }

    private synchronized Deflater packer() {
        Deflater rested = packers.pollFirst();
        return rested == null ? new Deflater(Deflater.BEST_SPEED) : rested;
    }

    private void rest(Deflater packer) {
        packer.reset();
        synchronized (this) {
            if (packers.size() < IDLE_PACKERS) {
                packers.addFirst(packer);
                return;
            }
        }
        packer.end();
    }

    /** An entry while it is made; its array is read in place. */
    private static final class Packed extends ByteArrayOutputStream {
        private static final int HEADERS = 1024;

        Packed(int bodies) {
            super(HEADERS + bodies);
        }

        byte[] bytes() {
            return buf;
        }
    }

    private void pack(Capture capture, boolean plain, Packed entry) {
        if (plain) {
            entry.write(PLAIN);
            write(capture, new DataOutputStream(entry));
        } else {
            entry.write(DEFLATED);
            deflate(capture, entry);
        }
    }

    private static long size(Optional<byte[]> body) {
        return body.map(b -> b.length).orElse(0);
    }

    private void deflate(Capture capture, Packed entry) {
        Deflater packer = packer();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(entry, packer))) {
            write(capture, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            rest(packer);
        }
    }

    private static void write(Capture capture, DataOutputStream out) {
        try {
            writeText(out, capture.path());
            writeHeaders(out, capture.requestHeaders());
            writeBody(out, capture.requestBody());
            writeHeaders(out, capture.responseHeaders());
            writeBody(out, capture.responseBody());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Capture unpack(RequestId request, byte[] entry) {
        InputStream packed = new ByteArrayInputStream(entry, 1, entry.length - 1);
        try (DataInputStream in = new DataInputStream(entry[0] == PLAIN ? packed : new InflaterInputStream(packed))) {
            return new Capture(request, readText(in), readHeaders(in), readBody(in), readHeaders(in), readBody(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeHeaders(DataOutputStream out, Map<String, String> headers) throws IOException {
        out.writeInt(headers.size());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            writeText(out, header.getKey());
            writeText(out, header.getValue());
        }
    }

    private static SequencedMap<String, String> readHeaders(DataInputStream in) throws IOException {
        SequencedMap<String, String> headers = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            headers.put(readText(in), readText(in));
        }
        return headers;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void writeBody(DataOutputStream out, Optional<byte[]> body) throws IOException {
        out.writeInt(body.map(b -> b.length).orElse(-1));
        if (body.isPresent()) {
            out.write(body.get());
        }
    }

    private static Optional<byte[]> readBody(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? Optional.empty() : Optional.of(in.readNBytes(length));
    }
}
