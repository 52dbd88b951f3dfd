package dev.turntable.whatif;

import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.fsm.Yard;
import dev.turntable.sim.machine.Chance;
import dev.turntable.whatif.figures.Assumption;
import dev.turntable.whatif.figures.Result;
import dev.turntable.whatif.traffic.Beside;
import dev.turntable.whatif.traffic.Lives;
import dev.turntable.whatif.traffic.Longs;
import dev.turntable.whatif.traffic.Requests;
import dev.turntable.whatif.traffic.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a play needs of the record.
 *
 * @param from the span's begin, in microseconds since 1970
 * @param to its end
 * @param begin the state when the span begins
 * @param inForce the configuration at that moment, if there was one
 * @param who the clients, by number
 * @param models by number
 * @param profiles old-style profiles that were asked for, by number
 * @param lives of processes
 * @param happenings what else came from outside: operators, configurations, the server's own life
 * @param answers by model number: requests whose service time is known
 * @param beside how answers stretch
 * @param left by model: requests that a play leaves out, because nothing says how long that model loads or answers
 * @param result what happened
 * @param assumptions of every play
 */
record Recorded(
        long from,
        long to,
        Yard begin,
        Optional<Fact.ConfigApplied> inForce,
        Requests requests,
        Who who,
        List<ModelId> models,
        List<String> profiles,
        Lives lives,
        List<Happening> happenings,
        List<Longs> answers,
        Beside beside,
        Map<ModelId, Long> left,
        Result result,
        List<Assumption> assumptions) {

    /** A fact from outside, at its time. */
    record Happening(long at, Fact fact) {}

    /** Every configuration that was in force in the span. */
    List<Fact.ConfigApplied> configurations() {
        List<Fact.ConfigApplied> all = new ArrayList<>(inForce.stream().toList());
        happenings.stream()
                .map(Happening::fact)
                .filter(Fact.ConfigApplied.class::isInstance)
                .map(Fact.ConfigApplied.class::cast)
                .forEach(all::add);
        return all;
    }

    boolean isLeftOut(int r) {
        return requests.ending(r) == Requests.OPEN || left.containsKey(models.get(requests.model(r)));
    }

    /** A moment, in nanoseconds since the span began; not before. */
    long nanos(long micros) {
        return Math.max(0, micros - from) * 1_000;
    }

    /** The request itself where its answer is known, or one that was answered by the same model, drawn. */
    int like(int r, long seed) {
        if (requests.service(r) != Requests.UNKNOWN) {
            return r;
        }
        Longs answered = answers.get(requests.model(r));
        return (int) answered.get(new Chance(seed).split("answer " + r).below(answered.size()));
    }
}
