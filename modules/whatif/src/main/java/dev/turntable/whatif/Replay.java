package dev.turntable.whatif;

import dev.turntable.journal.Journal;
import dev.turntable.whatif.traffic.Patience;
import dev.turntable.whatif.traffic.Requests;
import dev.turntable.whatif.traffic.Who;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Recorded traffic in real time: the same clients ask the same things of somebody, each when a play would have them ask. */
public final class Replay {
    private final Recorded recorded;
    private final long pause;

    private Replay(Recorded recorded, long pause) {
        this.recorded = recorded;
        this.pause = pause;
    }

    /**
     * One recorded request.
     *
     * @param profile old-style profile it was asked for in
     * @param service how long the model took for the answer; an answer of the same model's, where it had none
     * @param bytes size of the answer, 0 where it had none
     * @param patience its client leaves when it has waited so long
     */
    public record Request(
            String model,
            Optional<String> profile,
            String address,
            Optional<String> agent,
            Duration service,
            long bytes,
            Optional<Duration> patience) {}

    /** Sends a request and returns when it has ended. */
    public interface Sender {
        void send(Request request);
    }

    /** Reads the span, as {@link WhatIf.Question} has it. Throws {@link WhatIfException}. */
    public static Replay read(Journal journal, String from, Optional<String> to) {
        Assume assume = Assume.of(List.of());
        var question = new WhatIf.Question(from, to, List.of(), List.of(), 1, 1);
        return new Replay(
                new WhatIf(journal, _ -> Optional.empty()).read(question, assume, Watcher.PATIENT), assume.pause());
    }

    /** Requests that will be sent. */
    public int count() {
        int count = 0;
        for (int r = 0; r < recorded.requests().size(); r++) {
            count += recorded.isLeftOut(r) ? 0 : 1;
        }
        return count;
    }

    /** Sends all of them, each on a virtual thread, and returns when the last has ended. */
    public void run(Sender sender) throws InterruptedException {
        var done = new CountDownLatch(1);
        long began = System.nanoTime();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("replay").daemon().factory())) {
            var time = new Arrivals.Time() {
                @Override
                public long now() {
                    return System.nanoTime() - began;
                }

                @Override
                public void at(long nanos, Runnable what) {
                    clock.schedule(what, nanos - now(), TimeUnit.NANOSECONDS);
                }
            };
            var arrivals = new Arrivals[1];
            arrivals[0] =
                    new Arrivals(recorded, pause, time, r -> Thread.ofVirtual().start(() -> {
                        try {
                            sender.send(request(r));
                        } finally {
                            clock.execute(() -> {
                                arrivals[0].over(r);
                                if (arrivals[0].over() == arrivals[0].count()) {
                                    done.countDown();
                                }
                            });
                        }
                    }));
            clock.execute(arrivals[0]::begin);
            done.await();
            clock.shutdownNow();
        }
    }

    private Request request(int r) {
        Requests requests = recorded.requests();
        int like = recorded.like(r, 1);
        Who.Client client = recorded.who().client(requests.client(r));
        return new Request(
                recorded.models().get(requests.model(r)).value(),
                requests.profile(r) == Requests.NOBODY
                        ? Optional.empty()
                        : Optional.of(recorded.profiles().get(requests.profile(r))),
                client.address(),
                client.agent(),
                Duration.ofNanos(requests.service(like) * 1_000),
                requests.bytes(like),
                requests.patience(r) == Patience.ENDLESS
                        ? Optional.empty()
                        : Optional.of(Duration.ofNanos(requests.patience(r) * 1_000)));
    }
}
