package dev.turntable.proxy.metering;

import dev.turntable.event.Fact;
import dev.turntable.event.RequestId;
import dev.turntable.event.Tokens;
import dev.turntable.proxy.activity.Capture;
import dev.turntable.proxy.activity.CaptureSink;
import dev.turntable.proxy.activity.InFlight;
import dev.turntable.proxy.body.Budget;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.Recorded;
import dev.turntable.proxy.exchange.ShownHeaders;
import dev.turntable.upstream.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Watches one answer for the record: its size and head for the list, its tokens, its error, its capture. */
public final class Metering implements Meter {
    /** An error answer is read for its message up to here. */
    private static final int ERROR_BODY = 256 * 1024;

    /**
     * What is watched.
     *
     * @param path as rows and captures show it
     * @param metered it leaves an activity row, and a capture of at most so many megabytes
     * @param body of the request, where it was read
     */
    public record Subject(String path, boolean metered, int captureMegabytes, Optional<RequestBody> body) {}

    private final RequestId id;
    private final Exchange exchange;
    private final Subject subject;
    private final CaptureSink captures;
    private final Optional<InFlight.Tracked> tracked;
    private final CaptureMask mask;
    private final Budget budget;
    private ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
    private Headers headers = new Headers();
    private SequencedMap<String, String> shown = Collections.emptySortedMap();
    private AnswerReader reader = new AnswerReader.Blind();
    private int status;
    private long bytes;
    private long keep;
    private boolean packed;

    public Metering(
            RequestId id,
            Exchange exchange,
            Subject subject,
            CaptureSink captures,
            Optional<InFlight.Tracked> tracked,
            Budget budget) {
        this.id = id;
        this.exchange = exchange;
        this.subject = subject;
        this.captures = captures;
        this.tracked = tracked;
        this.budget = budget;
        this.mask = CaptureMask.of(subject.path());
    }

    public RequestId request() {
        return id;
    }

    public Optional<InFlight.Tracked> tracked() {
        return tracked;
    }

    @Override
    public void head(int code, Headers seen) {
        status = code;
        headers = seen;
        if (tracked.isPresent() || subject.metered()) {
            shown = ShownHeaders.of(seen);
        }
        tracked.ifPresent(t -> t.headers(shown));
        if (!subject.metered()) {
            return;
        }
        packed = Unpacking.needed(seen);
        boolean good = code >= 200 && code < 300;
        long captureLimit = Math.max(0, (long) subject.captureMegabytes()) << 20;
        keep = good ? (mask.responseBody() || packed ? captureLimit : 0) : ERROR_BODY;
        if (packed) {
            keep = Math.max(keep, ERROR_BODY);
        } else if (good) {
            reader = reader(seen);
        }
    }

    private AnswerReader reader(Headers seen) {
        return seen.eventStream()
                ? new AnswerReader.Events()
                : new AnswerReader.Whole(subject.path().equals("/infill"));
    }

    @Override
    public void bytes(byte[] array, int offset, int count) {
        bytes += count;
        if (!subject.metered()) {
            return;
        }
        reader.feed(array, offset, count);
        if (kept.size() + (long) count <= keep && budget.take(count)) {
            kept.write(array, offset, count);
        } else if (keep >= 0) {
            // Too long to be kept at all: a capture without its end would lie.
            close();
            keep = -1;
        }
    }

    @Override
    public void progress() {
        tracked.ifPresent(t -> t.bytes(bytes, System.nanoTime()));
    }

    /** Gives back what was kept. */
    public void close() {
        budget.give(kept.size());
        kept = new ByteArrayOutputStream(0);
    }

    /** What the record says of the end; a capture is handed over before. */
    public Fact.RequestFinished finished(Optional<Duration> firstByte, Result result) {
        Optional<Tokens> tokens = Optional.empty();
        Optional<String> error = result.error();
        Duration duration = Duration.ofNanos(System.nanoTime() - exchange.startNanos());
        if (subject.metered()) {
            Findings found = findings(result);
            tokens = Optional.of(found.tokens());
            error = error.or(found::error);
            duration = duration.compareTo(found.measured()) < 0 ? found.measured() : duration;
        }
        return new Fact.RequestFinished(
                id,
                result.outcome(),
                result.status(),
                exchange.bodyBytes(),
                firstByte,
                duration,
                result.silent()
                        ? Optional.empty()
                        : headers.first("Content-Type").map(Recorded.TERM::cut),
                tokens,
                error.map(Recorded.LINE::cut));
    }

    private record Findings(Tokens tokens, Optional<String> error, Duration measured) {
        static Findings failed(String error) {
            return new Findings(Tokens.NONE, Optional.of(error), Duration.ZERO);
        }
    }

    private Findings findings(Result result) {
        boolean good = result.status() >= 200 && result.status() < 300 && status >= 200 && status < 300;
        byte[] body = kept.toByteArray();
        if (packed && keep >= 0 && body.length > 0) {
            try {
                body = Unpacking.unpack(headers, body);
            } catch (IOException bad) {
                String what = good ? "response decompression failed: " : "response decode failed: ";
                if (!good) {
                    capture(Optional.empty());
                }
                return Findings.failed(what + bad.getMessage());
            }
            if (good) {
                reader = reader(headers);
                reader.feed(body, 0, body.length);
            }
        }
        if (good && bytes == 0) {
            return new Findings(Tokens.NONE, Optional.empty(), Duration.ZERO);
        }
        boolean whole = keep >= 0;
        if (!good) {
            capture(Optional.empty());
            return result.status() == 0
                    ? new Findings(Tokens.NONE, Optional.empty(), Duration.ZERO)
                    : Findings.failed(
                            AnswerReader.errorText(result.status(), whole && !result.silent() ? body : new byte[0]));
        }
        if (whole || !mask.responseBody()) {
            capture(mask.responseBody() ? Optional.of(body) : Optional.empty());
        }
        Usage usage = reader.end();
        return new Findings(usage.tokens(), Optional.empty(), usage.measured());
    }

    private void capture(Optional<byte[]> responseBody) {
        if (subject.captureMegabytes() <= 0) {
            return;
        }
        captures.captured(new Capture(
                id,
                subject.path(),
                exchange.shownHeaders(),
                mask.requestBody() ? requestBody() : Optional.empty(),
                mask.responseHeaders() ? ofUnpackedBody() : Collections.emptySortedMap(),
                responseBody));
    }

    /** The answer's headers beside a body that is shown unpacked. */
    private SequencedMap<String, String> ofUnpackedBody() {
        if (!shown.containsKey("Content-Encoding")) {
            return shown;
        }
        SequencedMap<String, String> others = new LinkedHashMap<>(shown);
        others.remove("Content-Encoding");
        return others;
    }

    private Optional<byte[]> requestBody() {
        long limit = (long) subject.captureMegabytes() << 20;
        try {
            return subject.body().isPresent() ? subject.body().get().bytes(limit) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
