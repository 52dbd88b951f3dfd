package dev.turntable.fsm;

import dev.turntable.event.Policy;
import java.util.List;
import java.util.Optional;

/**
 * The whole state as plain records, for snapshots: everything that a fold produces and nothing that can be derived.
 *
 * @param berths sorted by model; a model that never did anything is left out
 * @param queue in order
 * @param requests sorted by id
 */
public record YardImage(
        Phase phase,
        Policy policy,
        Counters counters,
        List<Berth> berths,
        List<Waiter> queue,
        List<OpenRequest> requests,
        Optional<Hold> hold,
        Optional<String> activeProfile,
        boolean diskLow) {
    public YardImage {
        berths = List.copyOf(berths);
        queue = List.copyOf(queue);
        requests = List.copyOf(requests);
    }
}
