package dev.turntable.proxy;

import dev.turntable.event.RequestId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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
 * Captures in memory, packed, first in first out (llama-swap §8.5). Their packed bytes never exceed the limit; what is larger than the
 * whole limit is dropped. Keyed by request, so that the activity row of a request finds its capture.
 */
public final class CaptureStore implements CaptureSink {
    /** Packers that rest; more than that many requests seldom end in the same moment. Each holds a quarter of a mebibyte. */
    private static final int IDLE_PACKERS = 4;

    private final LongSupplier limitBytes;
    private final ArrayDeque<Deflater> packers = new ArrayDeque<>();
    private final LinkedHashMap<RequestId, byte[]> packed = new LinkedHashMap<>();
    private long bytes;

    /** {@code limitBytes} is asked at every capture, so that a reload may change it; 0 keeps nothing. */
    public CaptureStore(LongSupplier limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public void captured(Capture capture) {
        long limit = limitBytes.getAsLong();
        if (limit <= 0) {
            return;
        }
        byte[] entry = pack(capture);
        if (entry.length > limit) {
            return;
        }
        synchronized (this) {
            byte[] before = packed.put(capture.request(), entry);
            bytes += entry.length - (before == null ? 0 : before.length);
            var oldest = packed.entrySet().iterator();
            while (bytes > limit && oldest.hasNext()) {
                bytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }
    }

    /** True when the capture of this request is still kept. */
    public synchronized boolean has(RequestId request) {
        return packed.containsKey(request);
    }

    public Optional<Capture> find(RequestId request) {
        byte[] entry;
        synchronized (this) {
            entry = packed.get(request);
        }
        return Optional.ofNullable(entry).map(e -> unpack(request, e));
    }

    /** Forgets everything: captures do not survive a reload. */
    public synchronized void clear() {
        packed.clear();
        bytes = 0;
    }

    /** Packed bytes kept now. */
    public synchronized long size() {
        return bytes;
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

    private byte[] pack(Capture capture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater packer = packer();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, packer))) {
            writeText(out, capture.path());
            writeHeaders(out, capture.requestHeaders());
            writeBody(out, capture.requestBody());
            writeHeaders(out, capture.responseHeaders());
            writeBody(out, capture.responseBody());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            rest(packer);
        }
        return bytes.toByteArray();
    }

    private static Capture unpack(RequestId request, byte[] entry) {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(entry)))) {
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
