package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads off a yard what it waits for; nothing is armed anywhere else. */
final class Timers {
    private Timers() {}

    static Optional<Instant> earliest(Yard yard) {
        Instant[] first = new Instant[1];
        eachRun(yard, (at, _) -> first[0] = earlier(first[0], at));
        yard.oldest.ifPresent(
                since -> first[0] = earlier(first[0], since.plus(yard.policy().maxWait())));
        return Optional.ofNullable(first[0]);
    }

    /** Since when the longest-waiting request waits whose model has not claimed its turn. */
    static Optional<Instant> oldest(Yard yard) {
        Instant oldest = null;
        for (Waiter waiter : yard.queue) {
            if (waiter.request().isPresent() && (yard.claims == 0 || isPatient(yard, waiter))) {
                oldest = earlier(oldest, waiter.since());
            }
        }
        return Optional.ofNullable(oldest);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    /** The waiter's model has not claimed its turn. */
    private static boolean isPatient(Yard yard, Waiter waiter) {
        int i = yard.roster.indexOf(waiter.model());
        return i >= 0 && yard.berths[i].claim() == 0;
    }

    static List<Due> due(Yard yard, Instant now) {
        List<Due> due = new ArrayList<>();
        BiConsumer<Instant, Named> collect = (at, what) -> {
            if (!at.isAfter(now)) {
                due.add(new Due(what.timer(), at));
            }
        };
        eachRun(yard, collect);
        eachWaitingModel(yard, collect);
        due.sort(Comparator.comparing(Due::at));
        return due;
    }

    /** Makes a timer's name only when it is asked for: most callers want the moment alone. */
    private interface Named {
        Timer timer();
    }

    private static void eachRun(Yard yard, BiConsumer<Instant, Named> to) {
        for (int i : yard.live) {
            Optional<Run> run = yard.berths[i].run();
            if (run.isPresent()) {
                ofRun(run.get(), to);
            }
        }
    }

    private static void ofRun(Run run, BiConsumer<Instant, Named> to) {
        if (run.gate().orphan()) {
            return; // first somebody has to look whether it is there at all
        }
        if (run.stop().isPresent()) {
            to.accept(run.stop().get().killAt(), () -> new Timer.KillDeadline(run.id()));
            return;
        }
        if (run.state() == ProcessState.STARTING) {
            to.accept(run.start().deadline(), () -> new Timer.StartDeadline(run.id()));
        }
        if (run.ttlDue().isPresent()) {
            to.accept(run.ttlDue().get(), () -> new Timer.Ttl(run.id()));
        }
        if (run.idle().lingerUntil().isPresent()) {
            to.accept(run.idle().lingerUntil().get(), () -> new Timer.Linger(run.id()));
        }
    }

    private static void eachWaitingModel(Yard yard, BiConsumer<Instant, Named> to) {
        Map<ModelId, Instant> oldest = new LinkedHashMap<>();
        for (Waiter waiter : yard.queue) {
            if (waiter.request().isPresent() && isPatient(yard, waiter)) {
                oldest.merge(waiter.model(), waiter.since(), Timers::earlier);
            }
        }
        Duration bound = yard.policy().maxWait();
        oldest.forEach((model, since) -> to.accept(since.plus(bound), () -> new Timer.WaitBound(model)));
    }
}
