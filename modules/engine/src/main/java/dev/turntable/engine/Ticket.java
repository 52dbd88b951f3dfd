package dev.turntable.engine;

import dev.turntable.event.Actor;
import dev.turntable.event.Fact;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request's place at the Conductor, from its arrival to the answer. The thread that asked waits here; the commit that decides wakes it.
 *
 * <p>Whatever the answer is, {@link Fact.RequestFinished} is due afterwards, exactly once.
 */
public final class Ticket {
    private final Conductor conductor;
    private final RequestId request;
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile Answer answer;

    Ticket(Conductor conductor, RequestId request) {
        this.conductor = conductor;
        this.request = request;
    }

    /** What became of a request. */
    public sealed interface Answer {}

    /** It holds a lease on this run; {@code priority} is the one it was queued with. */
    public record Granted(RunId run, int priority) implements Answer {}

    /** It is on the record only: a peer's request, or nobody's. */
    public record Unscheduled() implements Answer {}

    /** It was refused; {@code detail} is for the client. */
    public record Refused(ShedReason reason, String detail, Optional<Duration> retryAfter) implements Answer {}

    /** The wait was given up. */
    public record Gone() implements Answer {}

    public RequestId request() {
        return request;
    }

    /** The answer, if it is already known. */
    public Optional<Answer> now() {
        return Optional.ofNullable(answer);
    }

    /** Waits for the answer, as long as it takes. */
    public Answer await() throws InterruptedException {
        if (answer == null) {
            answered.await();
        }
        return answer;
    }

    /** Waits at most this long; empty when it takes longer. */
    public Optional<Answer> await(Duration atMost) throws InterruptedException {
        if (answer == null) {
            boolean _ = answered.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }
        return now();
    }

    /** Where the request stands over the whole queue, from 1; empty when it is not queued, or has joined a swap. */
    public Optional<Integer> queuePosition() {
        return answer != null ? Optional.empty() : conductor.yard().position(request);
    }

    /** Gives the wait up. An answer that came first stands; otherwise it is {@link Gone}. */
    public void abandon(Stage stage, Actor by) {
        if (answer == null) {
            conductor.submit(new Fact.RequestAbandoned(request, stage, by));
        }
    }

    /** The first answer stands. Called by one thread at a time. */
    void answer(Answer given) {
        if (answer == null) {
            answer = given;
            answered.countDown();
        }
    }
}
