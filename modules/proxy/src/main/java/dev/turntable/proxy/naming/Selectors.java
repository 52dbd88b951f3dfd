package dev.turntable.proxy.naming;

import dev.turntable.config.Config;
import dev.turntable.config.Selector;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.proxy.admission.Admission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses the target of a selector (llama-swap §5.7) and counts the requests that came through each. */
public final class Selectors {
    /** A chosen target; {@code release} gives its reservation back and may be called more than once. */
    public record Choice(String target, Runnable release) {}

    private record Key(String selector, String target) {}

    /** A target as it is now. */
    private record Candidate(String target, int reserved, boolean active) {}

    private final Admission admission;
    private final Map<Key, Integer> reserved = new HashMap<>();
    private final Map<String, Integer> turns = new HashMap<>();

    public Selectors(Admission admission) {
        this.admission = admission;
    }

    /** Empty when every target of a spillover is on its way out. */
    public Optional<Choice> choose(Config config, Selector selector) {
        return switch (selector.strategy()) {
            case PIN -> Optional.of(new Choice(selector.targets().getFirst(), () -> {}));
            case WARM -> Optional.of(new Choice(warm(config, selector), () -> {}));
            case SPILLOVER -> spillover(config, selector);
        };
    }

    private String warm(Config config, Selector selector) {
        for (ProcessState wanted : List.of(ProcessState.READY, ProcessState.STARTING)) {
            for (String target : selector.targets()) {
                if (state(config, target).filter(wanted::equals).isPresent()) {
                    return target;
                }
            }
        }
        return selector.targets().getFirst();
    }

    private Optional<ProcessState> state(Config config, String target) {
        return config.resolve(target).map(id -> admission.state(new ModelId(id)));
    }

    private synchronized Optional<Choice> spillover(Config config, Selector selector) {
        List<Candidate> active = new ArrayList<>();
        List<Candidate> cold = new ArrayList<>();
        for (String target : selector.targets()) {
            int count = reserved.getOrDefault(new Key(selector.id(), target), 0);
            Optional<ProcessState> state = state(config, target);
            if (state.isEmpty()) {
                (count > 0 ? active : cold).add(new Candidate(target, count, count > 0));
                continue;
            }
            switch (state.get()) {
                case READY, STARTING -> active.add(new Candidate(target, count, true));
                case STOPPED -> (count > 0 ? active : cold).add(new Candidate(target, count, count > 0));
                case STOPPING, SHUTDOWN -> {}
            }
        }
        Optional<Candidate> least = leastLoaded(selector, active);
        Optional<Candidate> chosen = least.filter(c -> c.reserved() < selector.spillover())
                .or(() -> cold.stream().findFirst())
                .or(() -> least);
        return chosen.map(c -> reserve(new Key(selector.id(), c.target())));
    }

    /** Ties go round, one counter a selector. */
    private Optional<Candidate> leastLoaded(Selector selector, List<Candidate> active) {
        int least = active.stream().mapToInt(Candidate::reserved).min().orElse(0);
        List<Candidate> ties =
                active.stream().filter(c -> c.reserved() == least).toList();
        if (ties.isEmpty()) {
            return Optional.empty();
        }
        int turn = ties.size() == 1 ? 0 : turns.merge(selector.id(), 1, Integer::sum) - 1;
        return Optional.of(ties.get(Math.floorMod(turn, ties.size())));
    }

    private Choice reserve(Key key) {
        reserved.merge(key, 1, Integer::sum);
        boolean[] given = {false};
        return new Choice(key.target(), () -> {
            synchronized (this) {
                if (!given[0]) {
                    given[0] = true;
                    reserved.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1);
                }
            }
        });
    }
}
