package dev.turntable.api;

import dev.turntable.proxy.InFlight;

/** {@code POST /api/inflight/<id>/cancel} (llama-swap §3.7). */
final class InFlightRoutes {
    private final InFlight inFlight;

    InFlightRoutes(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    void cancel(Call call) {
        boolean found =
                InFlight.parseId(call.variable("id")).map(inFlight::cancel).orElse(false);
        if (!found) {
            throw ApiException.notFound("inflight request not found");
        }
        Answers.done(call);
    }
}
