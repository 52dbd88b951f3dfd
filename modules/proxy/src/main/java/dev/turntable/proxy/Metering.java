package dev.turntable.proxy;

import dev.turntable.event.Fact;
import dev.turntable.event.RequestId;
import dev.turntable.event.Tokens;
import dev.turntable.upstream.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Watches one answer for the record: its size and head for the list, its tokens, its error, its capture. */
final class Metering implements Meter {
    /** An error answer is read for its message up to here. */
    private static final int ERROR_BODY = 256 * 1024;

    private final RequestId id;
    private final Exchange exchange;
    private final Plan plan;
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

    Metering(
            RequestId id,
            Exchange exchange,
            Plan plan,
            CaptureSink captures,
            Optional<InFlight.Tracked> tracked,
            Budget budget) {
        this.id = id;
        this.exchange = exchange;
        this.plan = plan;
        this.captures = captures;
        this.tracked = tracked;
        this.budget = budget;
        this.mask = CaptureMask.of(plan.shownPath());
    }

    RequestId request() {
        return id;
    }

    Optional<InFlight.Tracked> tracked() {
        return tracked;
    }

    @Override
    public void head(int code, Headers seen) {
        status = code;
        headers = seen;
        if (tracked.isPresent() || plan.metered()) {
            shown = HeaderRules.shown(seen);
        }
        tracked.ifPresent(t -> t.headers(shown));
        if (!plan.metered()) {
            return;
        }
        packed = Unpacking.needed(seen);
        boolean good = code >= 200 && code < 300;
        long captureLimit = Math.max(0, (long) plan.config().captureBuffer()) << 20;
        keep = good ? (mask.responseBody() || packed ? captureLimit : 0) : ERROR_BODY;
        if (packed) {
            keep = Math.max(keep, ERROR_BODY);
        } else if (good) {
            reader = reader(seen);
        }
    }

    private AnswerReader reader(Headers seen) {
        return HeaderRules.eventStream(seen)
                ? new AnswerReader.Events()
                : new AnswerReader.Whole(plan.shownPath().equals("/infill"));
    }

    @Override
    public void bytes(byte[] array, int offset, int count) {
        bytes += count;
        if (!plan.metered()) {
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
    void close() {
        budget.give(kept.size());
        kept = new ByteArrayOutputStream(0);
    }

    /** What the record says of the end; a capture is handed over before. */
    Fact.RequestFinished finished(Call call, Result result) {
        Optional<Tokens> tokens = Optional.empty();
        Optional<String> error = result.error();
        Duration duration = Duration.ofNanos(System.nanoTime() - exchange.startNanos());
        if (plan.metered()) {
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
                call.firstByte(),
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
        if (plan.config().captureBuffer() <= 0) {
            return;
        }
        captures.captured(new Capture(
                id,
                plan.shownPath(),
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
        long limit = (long) plan.config().captureBuffer() << 20;
        try {
            return plan.body().isPresent() ? plan.body().get().bytes(limit) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
