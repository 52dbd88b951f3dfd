package dev.turntable.proxy.admission;

import dev.turntable.config.ModelConfig;
import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.Stage;
import java.time.Duration;
import java.util.Optional;

/**
 * The data plane's only door to the core: ask for a model, get a lease or a refusal, and say how it ended.
 *
 * <p>{@code app} connects it to the Conductor; the proxy knows neither the core nor the processes nor the journal.
 */
public interface Admission {

    /** A fresh id, unique in the journal's life. */
    RequestId newRequest();

    /**
     * Puts the arrival on the record and asks for admission. Never blocks longer than one commit: when the model is ready the answer is
     * there at once, otherwise the caller waits on the returned {@link Pending}.
     */
    Pending ask(Fact.RequestArrived arrival);

    /** Puts it on the record that a request was sent once more. */
    void retried(Fact.RequestRetried again);

    /** Puts the end of a request on the record and releases its lease. Exactly once for every request that was asked for. */
    void finish(Fact.RequestFinished end);

    /** Puts a served request that is no model's business on the record. */
    void served(Fact.HttpServed served);

    /** The state of a local model's process now; {@code STOPPED} for one that never ran. */
    ProcessState state(ModelId model);

    /** The process that a lease was given on; empty when its model is not configured any more and its process has ended meanwhile. */
    Optional<Upstream> upstream(RunId run);

    /** The ready run of a model without a lease, for ignored WebSockets (llama-swap §6.6). */
    Optional<Upstream> readyRun(ModelId model);

    /** How long this model usually takes to load, from its own history. */
    Optional<Duration> usualLoad(ModelId model);

    /** A process that can be forwarded to. {@code settings} are those it was started with. */
    record Upstream(RunId run, ModelConfig settings) {}

    /** A request that may have to wait. */
    interface Pending {
        RequestId request();

        /** The answer, if it is already known. */
        Optional<AdmissionResult> now();

        /** Waits for the answer at most this long. Empty when the time is over. Interruptible. */
        Optional<AdmissionResult> await(Duration atMost) throws InterruptedException;

        /** Where the request stands in the queue (1-based), if it is queued and not joined to a swap. Changes while it waits. */
        Optional<Integer> queuePosition();

        /** Gives the wait up; afterwards {@link #await} answers {@link AdmissionResult.Gone} (or the answer that came first). {@link #finish} is still due. */
        void abandon(Stage stage, Actor by);

        /** Why the process that serves the request was told to end, if it was; also when that is over. */
        Optional<Reason> stopped();

        /** Runs {@code told} when the process that serves the request was told to end and is gone, at once if that is so already. */
        void whenGone(Runnable told);
    }
}
