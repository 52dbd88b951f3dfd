package dev.turntable.logs;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The lines about requests: one for each that ended, and at debug level what happened to it on the way. */
final class RequestLines {
    /** Requests between arrival and end; more than the server admits at once, so only a journal with holes ever reaches it. */
    private static final int OPEN_LIMIT = 65_536;

    /** The status in the line of a request whose client got none because it left. */
    private static final int CLIENT_LEFT = 499;

    private static final List<String> SKIPPED = List.of("/wol-health", "/api/performance", "/metrics");

    private final Map<RequestId, Fact.RequestArrived> open = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RequestId, Fact.RequestArrived> eldest) {
            return size() > OPEN_LIMIT;
        }
    };

    /** A new server run: nothing that was open before will ever end. */
    void forget() {
        open.clear();
    }

    void arrived(Sheet sheet, Fact.RequestArrived arrival) {
        open.put(arrival.request(), arrival);
        if (arrival.route() == Route.PRELOAD) {
            sheet.add(Level.INFO, "preloading model: " + arrival.model());
        } else if (sheet.wants(Level.DEBUG)) {
            sheet.own(
                    Level.DEBUG,
                    arrival.request() + " asks for " + arrival.asked()
                            + (arrival.asked().equals(arrival.model().value()) ? "" : " (" + arrival.model() + ")"));
        }
    }

    void finished(Sheet sheet, Fact.RequestFinished end) {
        Fact.RequestArrived arrival = open.remove(end.request());
        if (arrival == null) {
            return; // it arrived before the first commit we were shown
        }
        int status = end.status() == 0 ? CLIENT_LEFT : end.status();
        if (arrival.route() == Route.PRELOAD) {
            if (end.outcome() == Outcome.SHED) {
                sheet.own(
                        Level.WARN,
                        "did not preload model " + arrival.model()
                                + end.error().map(why -> ": " + why).orElse(""));
            } else if (status >= 400) {
                sheet.add(Level.ERROR, "failed to preload model " + arrival.model() + ": status " + status);
            }
            return;
        }
        if (arrival.activityPath().isPresent() && status / 100 != 2) {
            sheet.add(
                    Level.WARN,
                    "non-200 response, recording partial metrics: status=" + status + ", path="
                            + arrival.activityPath().get());
        }
        if (end.outcome() == Outcome.UPSTREAM_DIED && status / 100 == 2) {
            // llama-swap §6.7: nothing else of the line that follows tells a half answer from a whole one.
            sheet.own(Level.INFO, "<" + arrival.model() + "> " + end.error().orElse("the upstream died"));
        }
        if (sheet.wants(Level.DEBUG)) {
            sheet.own(
                    Level.DEBUG,
                    end.request() + " ended: " + end.outcome().wire()
                            + end.error().map(e -> ", " + e).orElse(""));
        }
        line(
                sheet,
                arrival.client(),
                arrival.method(),
                arrival.path(),
                arrival.protocol(),
                status,
                end.bytes(),
                arrival.agent(),
                end.duration());
    }

    void served(Sheet sheet, Fact.HttpServed served) {
        line(
                sheet,
                served.client(),
                served.method(),
                served.path(),
                served.protocol(),
                served.status(),
                served.bytes(),
                served.agent(),
                served.duration());
    }

    private static void line(
            Sheet sheet,
            String client,
            String method,
            String path,
            String protocol,
            int status,
            long bytes,
            Optional<String> agent,
            Duration duration) {
        if (sheet.wants(Level.INFO) && SKIPPED.stream().noneMatch(path::startsWith)) {
            sheet.add(
                    Level.INFO,
                    "Request " + client + " \"" + method + ' ' + path + ' ' + protocol + "\" " + status + ' ' + bytes
                            + " \"" + agent.orElse("") + "\" " + Durations.text(duration));
        }
    }

    void admitted(Sheet sheet, Decision.RequestAdmitted admitted) {
        if (sheet.wants(Level.DEBUG)) {
            sheet.own(Level.DEBUG, "<" + admitted.run().model() + "> serves " + admitted.request());
        }
    }

    void abandoned(Sheet sheet, Fact.RequestAbandoned gone) {
        sheet.own(
                Level.DEBUG, gone.request() + " given up while " + gone.stage().wire() + " by " + gone.by());
    }

    void queued(Sheet sheet, Decision.RequestQueued queued) {
        sheet.own(
                Level.DEBUG,
                "<" + queued.model() + "> " + queued.request() + " waits at position " + queued.position() + " behind "
                        + names(queued.behind()));
    }

    void shed(Sheet sheet, Decision.RequestShed shed) {
        sheet.own(Level.DEBUG, shed.request() + " refused, " + shed.reason().wire() + ": " + shed.detail());
    }

    void turnClaimed(Sheet sheet, Decision.TurnClaimed claim) {
        sheet.own(
                Level.INFO,
                "<" + claim.model() + "> " + claim.request() + " has waited as long as any may; no new requests for "
                        + claim.closed().stream()
                                .map(run -> run.model().value())
                                .collect(Collectors.joining(" ", "[", "]")));
    }

    private static String names(List<ModelId> models) {
        return models.stream().map(ModelId::value).collect(Collectors.joining(" ", "[", "]"));
    }
}
