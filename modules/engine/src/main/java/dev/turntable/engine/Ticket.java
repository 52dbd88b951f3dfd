package dev.turntable.engine;

import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Fact;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request's place at the Conductor, from its arrival to the answer. The thread that asked waits here; the commit that decides wakes it.
 */
public final class Ticket {
    private final Conductor conductor;
    private final RequestId request;
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile AdmissionResult answer;
    private Optional<Reason> stopped = Optional.empty();
    private Runnable whenGone = () -> {};
    private boolean gone;

    Ticket(Conductor conductor, RequestId request) {
        this.conductor = conductor;
        this.request = request;
    }

    public RequestId request() {
        return request;
    }

    /** The answer, if it is already known. */
    public Optional<AdmissionResult> now() {
        return Optional.ofNullable(answer);
    }

    /** Waits for the answer, as long as it takes. */
    public AdmissionResult await() throws InterruptedException {
        if (answer == null) {
            answered.await();
        }
        return answer;
    }

    /** Waits at most this long; empty when it takes longer. */
    public Optional<AdmissionResult> await(Duration atMost) throws InterruptedException {
        if (answer == null) {
            boolean _ = answered.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }
        return now();
    }

    /** Where the request stands over the whole queue, from 1; empty when it is not queued, or has joined a swap. */
    public Optional<Integer> queuePosition() {
        return answer != null ? Optional.empty() : conductor.yard().position(request);
    }

    /** Gives the wait up. An answer that came first stands; otherwise it is {@link AdmissionResult.Gone}. */
    public void abandon(Stage stage, Actor by) {
        if (answer == null) {
            conductor.submit(new Fact.RequestAbandoned(request, stage, by));
        }
    }

    /** Why the run that serves it was told to end, if it was; also when that is over. */
    public synchronized Optional<Reason> stopped() {
        return stopped;
    }

    /** Runs {@code told} when the run that serves it was told to end and is gone, at once if that is so already. It must not block. */
    public void whenGone(Runnable told) {
        synchronized (this) {
            whenGone = told;
            if (!gone) {
                return;
            }
        }
        told.run();
    }

    synchronized void stop(Reason reason) {
        stopped = Optional.of(reason);
    }

    /** Called once, without the Conductor's lock. */
    void gone() {
        Runnable told;
        synchronized (this) {
            gone = true;
            told = whenGone;
        }
        told.run();
    }

    /** The first answer stands. Called by one thread at a time. */
    void answer(AdmissionResult given) {
        if (answer == null) {
            answer = given;
            answered.countDown();
        }
    }
}
