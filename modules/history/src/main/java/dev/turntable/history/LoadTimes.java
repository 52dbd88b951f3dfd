package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long each model usually takes to load: the median of its last loads. Safe from any thread. */
public final class LoadTimes {
    /** Loads that count; enough for a median, few enough to follow a change of hardware. */
    private static final int LAST = 8;

    /** Models remembered; the one that loaded longest ago is forgotten first. */
    private static final int MODELS = 4_096;

    private final LinkedHashMap<ModelId, List<Duration>> loads = new LinkedHashMap<>();

    LoadTimes() {}

    /** What this model usually takes from spawn to ready; empty if it never became ready. */
    public synchronized Optional<Duration> usual(ModelId model) {
        List<Duration> known = loads.getOrDefault(model, List.of());
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(known.stream().sorted().toList().get(known.size() / 2));
    }

    synchronized void add(Commit commit) {
        if (commit.fact() instanceof Fact.ProcessReady ready) {
            List<Duration> times =
                    new ArrayList<>(loads.getOrDefault(ready.run().model(), List.of()));
            times.add(ready.load());
            loads.remove(ready.run().model());
            loads.put(ready.run().model(), List.copyOf(times.subList(Math.max(0, times.size() - LAST), times.size())));
            if (loads.size() > MODELS) {
                loads.pollFirstEntry();
            }
        }
    }

    synchronized Map<ModelId, List<Duration>> saved() {
        return Map.copyOf(loads);
    }

    synchronized void restore(Map<ModelId, List<Duration>> saved) {
        loads.putAll(saved);
    }
}
