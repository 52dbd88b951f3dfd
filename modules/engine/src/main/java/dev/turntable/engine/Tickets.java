package dev.turntable.engine;

import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.fsm.Yard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tickets of all requests under way, and what each commit means for them. Guarded by the Conductor's lock; what is to be told is only
 * collected, and told without it. Bounded by the queue and the concurrency limits.
 */
final class Tickets {
    private final Map<RequestId, Ticket> waiting = new HashMap<>();
    private final Map<RequestId, Served> served = new HashMap<>();
    private final Map<ModelId, List<String>> lastLines = new HashMap<>(); // of each model's last run

    private record Served(Ticket ticket, RunId run) {}

    void add(Ticket ticket) {
        waiting.put(ticket.request(), ticket);
    }

    /** Collects what follows from the commit; {@code yard} is the state after it. */
    void committed(Commit commit, Yard yard, List<Runnable> told) {
        quote(commit.fact());
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.RequestAdmitted d -> grant(d, told);
                case Decision.RequestShed d ->
                    answer(
                            d.request(),
                            new AdmissionResult.Refused(d.reason(), d.detail(), d.retryAfter(), lastLines(d, yard)),
                            told);
                case Decision.StopOrdered d -> ofRun(d.run(), ticket -> ticket.stop(d.reason()));
                case Decision.KillOrdered d -> ofRun(d.run(), ticket -> ticket.stop(d.reason()));
                case Decision.StateChanged d
                when d.to() == ProcessState.STOPPED || d.to() == ProcessState.SHUTDOWN ->
                    ofRun(d.run(), ticket -> told.add(ticket::gone));
                default -> {
                    // concerns no request; there are many of these, and a new one concerns none either until it says so
                    // here
                }
            }
        }
        switch (commit.fact()) {
            case Fact.RequestAbandoned f -> answer(f.request(), new AdmissionResult.Gone(), told);
            case Fact.RequestFinished f -> {
                served.remove(f.request());
                answer(f.request(), new AdmissionResult.Gone(), told);
            }
            case Fact.RequestArrived f
            when f.route() == Route.PEER -> answer(f.request(), new AdmissionResult.Unscheduled(), told);
            default -> {
                // no request's end
            }
        }
    }

    /** Everybody who waits gets this answer. */
    void answerAll(AdmissionResult answer, List<Runnable> told) {
        waiting.values().forEach(ticket -> told.add(() -> ticket.answer(answer)));
        waiting.clear();
    }

    private void grant(Decision.RequestAdmitted granted, List<Runnable> told) {
        Ticket ticket = waiting.get(granted.request());
        if (ticket != null) {
            served.put(granted.request(), new Served(ticket, granted.run()));
            answer(granted.request(), new AdmissionResult.Granted(granted.run(), granted.priority()), told);
        }
    }

    private void answer(RequestId request, AdmissionResult answer, List<Runnable> told) {
        Optional.ofNullable(waiting.remove(request)).ifPresent(ticket -> told.add(() -> ticket.answer(answer)));
    }

    private void ofRun(RunId run, Consumer<Ticket> each) {
        served.values().stream()
                .filter(lease -> lease.run().equals(run))
                .map(Served::ticket)
                .forEach(each);
    }

    private void quote(Fact fact) {
        switch (fact) {
            case Fact.ProcessExited f -> lastLines.put(f.run().model(), f.lastLines());
            case Fact.SpawnFailed f -> lastLines.remove(f.run().model());
            default -> {
                // no process ended
            }
        }
    }

    /** What to quote to a request that is refused because its model does not start. */
    private List<String> lastLines(Decision.RequestShed shed, Yard yard) {
        return switch (shed.reason()) {
            case START_FAILED, BACKED_OFF ->
                yard.request(shed.request())
                        .map(request -> lastLines.getOrDefault(request.model(), List.of()))
                        .orElse(List.of());
            default -> List.of();
        };
    }
}
