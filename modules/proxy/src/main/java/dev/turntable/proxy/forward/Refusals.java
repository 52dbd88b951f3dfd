package dev.turntable.proxy.forward;

import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Outcome;
import dev.turntable.event.ShedReason;
import dev.turntable.proxy.exchange.Dialect;
import dev.turntable.proxy.exchange.Errors;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.metering.Meter;
import dev.turntable.proxy.metering.Metering;
import dev.turntable.proxy.metering.Result;
import dev.turntable.upstream.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every way a model request can end without an upstream's answer, in the negotiated form and on the record (llama-swap §3.2, §6.7). */
final class Refusals {
    private Refusals() {}

    /** An error of ours, in the negotiated form, seen by the meter like any answer. */
    static Result refuse(Call call, Metering meter, Outcome outcome, int status, String message) throws IOException {
        Exchange exchange = call.exchange();
        Errors.Body body = body(exchange, status, message);
        return refuse(call, meter, outcome, status, body, new Headers());
    }

    static Result refuse(Call call, Metering meter, Outcome outcome, int status, Errors.Body body, Headers more)
            throws IOException {
        Headers seen = more.copy();
        seen.add("Content-Type", body.contentType());
        meter.head(status, seen);
        meter.bytes(body.bytes(), 0, body.bytes().length);
        call.exchange().answer(status, body.contentType(), body.bytes(), more);
        return Result.of(outcome, status);
    }

    static Result refused(Call call, Metering meter, AdmissionResult.Refused refused, boolean begun)
            throws IOException {
        int status =
                switch (refused.reason()) {
                    case CONCURRENCY_LIMIT -> 429;
                    case UNKNOWN_MODEL, NOT_IN_PROFILE -> 404;
                    case HELD, QUEUE_FULL, SHUTTING_DOWN, WOULD_EVICT -> 503;
                    case START_FAILED, BACKED_OFF, UNLOADED, RELOADED -> 500;
                };
        Outcome outcome =
                switch (refused.reason()) {
                    case START_FAILED -> Outcome.LOAD_FAILED;
                    case CONCURRENCY_LIMIT,
                            QUEUE_FULL,
                            UNKNOWN_MODEL,
                            NOT_IN_PROFILE,
                            HELD,
                            BACKED_OFF,
                            UNLOADED,
                            RELOADED,
                            SHUTTING_DOWN,
                            WOULD_EVICT -> Outcome.SHED;
                };
        String message =
                switch (refused.reason()) {
                    case UNKNOWN_MODEL -> "no local server found for requested model";
                    case NOT_IN_PROFILE -> "unable to swap to model, " + refused.detail();
                    case HELD, QUEUE_FULL, CONCURRENCY_LIMIT, WOULD_EVICT -> refused.detail();
                    case START_FAILED, BACKED_OFF, UNLOADED, RELOADED, SHUTTING_DOWN ->
                        "unspecific error: " + refused.detail() + printed(refused.lastLines());
                };
        if (begun) {
            return afterStream(call, meter, outcome, status, message);
        }
        Headers more = new Headers();
        if (refused.reason() == ShedReason.CONCURRENCY_LIMIT) {
            more.add("Retry-After", "1");
            return refuse(
                    call,
                    meter,
                    outcome,
                    status,
                    Errors.concurrencyLimit(Dialect.of(call.exchange().path())),
                    more);
        }
        refused.retryAfter().ifPresent(after -> more.add("Retry-After", Long.toString(seconds(after))));
        return refuse(call, meter, outcome, status, body(call.exchange(), status, message), more);
    }

    private static Errors.Body body(Exchange exchange, int status, String message) {
        return Errors.body(exchange.head().headers().first("Accept"), Dialect.of(exchange.path()), status, message);
    }

    /** What a process said before it ended is most often the reason. */
    private static String printed(List<String> lastLines) {
        return lastLines.isEmpty() ? "" : "; it printed last:\n" + String.join("\n", lastLines);
    }

    private static long seconds(Duration after) {
        return Math.max(1, (after.toMillis() + 999) / 1000);
    }

    /** A stream has begun: its status is gone, the error follows as an event, and the record says what the client got. */
    static Result afterStream(Call call, Meter meter, Outcome outcome, int status, String message) throws IOException {
        Exchange exchange = call.exchange();
        byte[] event = Dialect.of(exchange.path()).errorEvent(status, message);
        Headers seen = new Headers();
        seen.add("Content-Type", "text/event-stream");
        meter.head(exchange.status(), seen);
        meter.bytes(event, 0, event.length);
        exchange.write(event, 0, event.length);
        exchange.end();
        return new Result(outcome, exchange.status(), Optional.of(message), false);
    }

    /** The wait ended without a lease: the client left, somebody cancelled it, or the process was gone before we could forward to it. */
    static Result gone(Call call, Metering meter, String model, boolean begun) throws IOException {
        return switch (call.ended()) {
            case CLIENT_GONE -> {
                call.exchange().cut();
                yield Result.of(Outcome.CLIENT_GONE, call.exchange().status());
            }
            case CANCELLED -> unavailable(call, meter, Outcome.CANCELLED, "request cancelled", begun);
            case NO -> unavailable(call, meter, Outcome.SHED, "[" + model + "] process is not ready", begun);
        };
    }

    private static Result unavailable(Call call, Metering meter, Outcome outcome, String message, boolean begun)
            throws IOException {
        return begun ? afterStream(call, meter, outcome, 503, message) : refuse(call, meter, outcome, 503, message);
    }

    /**
     * Nothing came back. A cancelled request and an upstream that did not begin in time end with an empty 502 as the reference has it; every
     * other failure says what it was.
     */
    static Result failed(
            Call call, Metering meter, Forwarder.Failed failed, String message, boolean local, boolean begun)
            throws IOException {
        Exchange exchange = call.exchange();
        if (call.ended() == Call.Ended.CLIENT_GONE) {
            exchange.cut();
            return Result.of(Outcome.CLIENT_GONE, 0);
        }
        boolean cancelled = call.ended() == Call.Ended.CANCELLED;
        Outcome outcome = cancelled ? Outcome.CANCELLED : failed.timedOut() ? Outcome.TIMEOUT : Outcome.UPSTREAM_ERROR;
        if (begun) {
            return afterStream(call, meter, outcome, 502, message);
        }
        if (local && (cancelled || failed.timedOut())) {
            exchange.empty(502, new Headers());
            return new Result(outcome, 502, Optional.empty(), true);
        }
        if (local) {
            exchange.error(502, message);
            return new Result(outcome, 502, Optional.empty(), true);
        }
        return refuse(call, meter, outcome, 502, message);
    }
}
