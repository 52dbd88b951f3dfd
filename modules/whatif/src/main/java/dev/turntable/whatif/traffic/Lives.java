package dev.turntable.whatif.traffic;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import dev.turntable.sim.machine.Chance;
import dev.turntable.sim.machine.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of every process on the record: how long it took to load, whether it failed, how long it took to stop. Processes of a play
 * have the same lives, in the same order; when there are more, further ones are drawn from the same.
 */
public final class Lives {
    private static final long UNKNOWN = -1;

    private final Map<RunId, Life> running = new LinkedHashMap<>();
    private final Map<ModelId, List<Life>> known = new HashMap<>();
    private final Longs stops = new Longs();

    /** One process; microseconds, or {@link #UNKNOWN}. */
    private static final class Life {
        private final long ordered;
        private long launch = UNKNOWN;
        private long load = UNKNOWN;
        private Fate.Loading loading = Fate.Loading.READY;
        private boolean unlaunched;
        private long readyAt = UNKNOWN;
        private long crash = UNKNOWN;
        private long stopAt = UNKNOWN;
        private Reason stopReason = Reason.REQUESTED;
        private long stop = UNKNOWN;
        private long killAt = UNKNOWN;
        private long release = UNKNOWN;
        private boolean stopFails;

        Life(long ordered) {
            this.ordered = ordered;
        }

        boolean hasStart() {
            return load != UNKNOWN || loading == Fate.Loading.HANGS;
        }
    }

    public void accept(Decision decision, long now) {
        switch (decision) {
            case Decision.StartOrdered d -> running.put(d.run(), new Life(now));
            case Decision.StopOrdered d -> {
                Life life = running.get(d.run());
                if (life != null && life.stopAt == UNKNOWN) {
                    life.stopAt = now;
                    life.stopReason = d.reason();
                    if (d.reason() == Reason.START_TIMED_OUT) {
                        life.loading = Fate.Loading.HANGS;
                    }
                }
            }
            case Decision.KillOrdered d -> {
                Life life = running.get(d.run());
                if (life != null) {
                    life.killAt = now;
                    if (d.reason() == Reason.START_TIMED_OUT) {
                        life.loading = Fate.Loading.HANGS;
                    }
                }
            }
            default -> {
                // says nothing of a process
            }
        }
    }

    public void accept(Fact fact, long now) {
        switch (fact) {
            case Fact.ProcessSpawned f -> find(f.run()).ifPresent(life -> life.launch = now - life.ordered);
            case Fact.SpawnFailed f ->
                find(f.run()).ifPresent(life -> {
                    life.unlaunched = true;
                    life.launch = now - life.ordered;
                    life.load = life.launch;
                    over(f.run());
                });
            case Fact.ProcessReady f ->
                find(f.run()).ifPresent(life -> {
                    life.load = now - life.ordered;
                    life.readyAt = now;
                });
            case Fact.StopFailed f -> find(f.run()).ifPresent(life -> life.stopFails = true);
            case Fact.ProcessExited f -> find(f.run()).ifPresent(life -> exited(f.run(), life, now));
            case Fact.ProcessLost f -> over(f.run());
            default -> {
                // says nothing of a process
            }
        }
    }

    private Optional<Life> find(RunId run) {
        return Optional.ofNullable(running.get(run));
    }

    private void exited(RunId run, Life life, long now) {
        if (life.killAt != UNKNOWN) {
            life.release = now - life.killAt;
        } else if (life.stopAt != UNKNOWN) {
            life.stop = now - life.stopAt;
            stops.add(life.stop);
        } else if (life.readyAt != UNKNOWN) {
            life.crash = now - life.readyAt;
        } else {
            life.loading = Fate.Loading.EXITS;
            life.load = now - life.ordered;
        }
        over(run);
    }

    private void over(RunId run) {
        Life life = running.remove(run);
        if (life != null && life.hasStart()) {
            known.computeIfAbsent(run.model(), _ -> new ArrayList<>()).add(life);
        }
    }

    /** The record is over; loads before it, newest first, stand in where it has none. */
    public void settle(Map<ModelId, List<Duration>> before) {
        for (RunId run : List.copyOf(running.keySet())) {
            over(run);
        }
        known.values().forEach(lives -> lives.sort((a, b) -> Long.compare(a.ordered, b.ordered)));
        before.forEach((model, loads) -> {
            if (!known.containsKey(model) && !loads.isEmpty()) {
                for (Duration load : loads) {
                    Life life = new Life(0);
                    life.load = load.toNanos() / 1_000;
                    known.computeIfAbsent(model, _ -> new ArrayList<>()).add(life);
                }
            }
        });
    }

    /** Somebody has said how long this model loads. */
    public void loadIs(ModelId model, long micros) {
        Life life = new Life(0);
        life.load = micros;
        known.put(model, List.of(life));
    }

    /** Loads on record. */
    public int count(ModelId model) {
        return known.getOrDefault(model, List.of()).size();
    }

    /** The longest load on record. */
    public long longestLoad() {
        return known.values().stream()
                .flatMap(List::stream)
                .mapToLong(life -> life.load)
                .max()
                .orElse(0);
    }

    /** The life of the model's process of that number, from 1. Only for a model that has loads on record. */
    public Fate fate(ModelId model, int birth, Chance chance) {
        List<Life> lives = known.get(model);
        Life life = birth <= lives.size() ? lives.get(birth - 1) : lives.get(chance.below(lives.size()));
        boolean deaf = life.killAt != UNKNOWN;
        long load = Math.max(0, life.load);
        return new Fate(
                time(Math.clamp(life.launch, 0, load)),
                life.unlaunched,
                false,
                time(load),
                life.loading,
                life.crash == UNKNOWN ? Optional.empty() : Optional.of(time(life.crash)),
                time(life.stop != UNKNOWN ? life.stop : usualStop(lives, chance)),
                deaf,
                life.stopFails,
                time(Math.max(0, life.release)),
                Duration.ZERO);
    }

    private long usualStop(List<Life> lives, Chance chance) {
        Longs own = new Longs();
        for (Life life : lives) {
            if (life.stop != UNKNOWN) {
                own.add(life.stop);
            }
        }
        Longs from = own.size() > 0 ? own : stops;
        return from.size() == 0 ? 0 : from.get(chance.below(from.size()));
    }

    private static Duration time(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }
}
