package dev.turntable.event;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of a request's wish for its model; whatever it is, a {@link Fact.RequestFinished} is due afterwards, exactly once. */
public sealed interface AdmissionResult {
    /** It holds a lease on this run; {@code priority} is the one it was queued with. */
    record Granted(RunId run, int priority) implements AdmissionResult {}

    /** It is on the record only: a peer's request. */
    record Unscheduled() implements AdmissionResult {}

    /**
     * It was refused.
     *
     * @param detail for the client
     * @param lastLines what the process of a failed start printed last, as {@link Fact.ProcessExited} has it
     */
    record Refused(ShedReason reason, String detail, Optional<Duration> retryAfter, List<String> lastLines)
            implements AdmissionResult {
        public Refused {
            lastLines = List.copyOf(lastLines);
        }

        /** Where nothing was printed, or it is not the reason. */
        public Refused(ShedReason reason, String detail, Optional<Duration> retryAfter) {
            this(reason, detail, retryAfter, List.of());
        }
    }

    /** The wait was given up. */
    record Gone() implements AdmissionResult {}
}
