package dev.turntable.proxy;

import dev.turntable.event.Fact;
import dev.turntable.event.RequestId;
import dev.turntable.proxy.http1.Headers;
import java.time.Duration;
import java.util.Optional;

/** Watches one answer for the record: first byte, size, tokens, errors, capture. */
final class Metering implements Meter {
    private final RequestId id;
    private final Exchange exchange;
    private final Plan plan;
    private final CaptureSink captures;
    private final Optional<InFlight.Tracked> tracked;
    private Headers headers = new Headers();
    private long bytes;

    Metering(RequestId id, Exchange exchange, Plan plan, CaptureSink captures, Optional<InFlight.Tracked> tracked) {
        this.id = id;
        this.exchange = exchange;
        this.plan = plan;
        this.captures = captures;
        this.tracked = tracked;
    }

    void priority(int priority) {}

    @Override
    public void head(int status, Headers seen) {
        headers = seen;
        tracked.ifPresent(t -> t.headers(HeaderRules.shown(seen)));
    }

    @Override
    public void bytes(byte[] array, int offset, int count) {
        bytes += count;
    }

    @Override
    public void progress() {
        tracked.ifPresent(t -> t.bytes(bytes, System.nanoTime()));
    }

    Fact.RequestFinished finished(Call call, Result result) {
        return new Fact.RequestFinished(
                id,
                result.outcome(),
                result.status(),
                exchange.bodyBytes(),
                call.firstByte(),
                Duration.ofNanos(System.nanoTime() - exchange.startNanos()),
                result.silent() ? Optional.empty() : headers.first("Content-Type"),
                Optional.empty(),
                result.error());
    }
}
