package dev.turntable.proxy;

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
import dev.turntable.proxy.admission.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A core that grants at once what is ready, and lets a test answer everything else by hand. */
final class FakeAdmission implements Admission {
    private final Function<String, Optional<ModelConfig>> models;
    private final AtomicLong ids = new AtomicLong();
    final List<Fact.RequestArrived> arrived = new CopyOnWriteArrayList<>();
    final LinkedBlockingQueue<Fact.RequestFinished> finished = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Fact.RequestRetried> retried = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Fact.HttpServed> served = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Held> held = new LinkedBlockingQueue<>();
    final Map<String, ProcessState> states = new ConcurrentHashMap<>();
    volatile boolean hold;
    volatile boolean broken;
    volatile Runnable onAsk = () -> {};
    volatile Optional<Duration> usual = Optional.empty();

    FakeAdmission(Function<String, Optional<ModelConfig>> models) {
        this.models = models;
    }

    @Override
    public RequestId newRequest() {
        return new RequestId(ids.incrementAndGet());
    }

    @Override
    public Pending ask(Fact.RequestArrived arrival) {
        if (broken) {
            throw new IllegalStateException("the Conductor is broken");
        }
        arrived.add(arrival);
        onAsk.run();
        Held pending = new Held(arrival);
        switch (arrival.route()) {
            case PEER, NOWHERE -> pending.answer(new AdmissionResult.Unscheduled());
            case LOCAL, PRELOAD -> {
                if (hold) {
                    held.add(pending);
                } else {
                    pending.answer(granted(arrival.model().value()));
                }
            }
        }
        return pending;
    }

    AdmissionResult.Granted granted(String model) {
        return new AdmissionResult.Granted(new RunId(new ModelId(model), 1), 0);
    }

    @Override
    public Optional<Upstream> upstream(RunId run) {
        return models.apply(run.model().value()).map(settings -> new Upstream(run, settings));
    }

    @Override
    public void retried(Fact.RequestRetried again) {
        retried.add(again);
    }

    @Override
    public void finish(Fact.RequestFinished end) {
        finished.add(end);
    }

    @Override
    public void served(Fact.HttpServed one) {
        served.add(one);
    }

    @Override
    public ProcessState state(ModelId model) {
        return states.getOrDefault(model.value(), ProcessState.STOPPED);
    }

    @Override
    public Optional<Upstream> readyRun(ModelId model) {
        return state(model) == ProcessState.READY
                ? upstream(granted(model.value()).run())
                : Optional.empty();
    }

    @Override
    public Optional<Duration> usualLoad(ModelId model) {
        return usual;
    }

    Fact.RequestFinished nextFinished() throws InterruptedException {
        Fact.RequestFinished one = finished.poll(10, TimeUnit.SECONDS);
        if (one == null) {
            throw new AssertionError("no request finished within 10 s");
        }
        return one;
    }

    Held nextHeld() throws InterruptedException {
        Held one = held.poll(10, TimeUnit.SECONDS);
        if (one == null) {
            throw new AssertionError("no request waits within 10 s");
        }
        return one;
    }

    /** A wait that the test ends. */
    static final class Held implements Pending {
        final Fact.RequestArrived arrival;
        private Optional<AdmissionResult> answer = Optional.empty();
        volatile Optional<Integer> position = Optional.empty();
        volatile Optional<Reason> stopped = Optional.empty();
        volatile Runnable gone = () -> {};
        final LinkedBlockingQueue<Stage> abandoned = new LinkedBlockingQueue<>();

        Held(Fact.RequestArrived arrival) {
            this.arrival = arrival;
        }

        synchronized void answer(AdmissionResult with) {
            if (answer.isEmpty()) {
                answer = Optional.of(with);
                notifyAll();
            }
        }

        @Override
        public RequestId request() {
            return arrival.request();
        }

        @Override
        public synchronized Optional<AdmissionResult> now() {
            return answer;
        }

        @Override
        public synchronized Optional<AdmissionResult> await(Duration atMost) throws InterruptedException {
            if (answer.isEmpty()) {
                wait(Math.max(1, Math.min(atMost.toMillis(), 10_000)));
            }
            return answer;
        }

        @Override
        public Optional<Integer> queuePosition() {
            return position;
        }

        @Override
        public void abandon(Stage stage, Actor by) {
            abandoned.add(stage);
            answer(new AdmissionResult.Gone());
        }

        @Override
        public Optional<Reason> stopped() {
            return stopped;
        }

        @Override
        public void whenGone(Runnable told) {
            gone = told;
        }
    }
}
