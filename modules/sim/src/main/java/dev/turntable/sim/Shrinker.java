package dev.turntable.sim;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a failing plan small: leaves out asks, happenings and the moods of processes, in ever smaller pieces, as long as the same law is
 * still broken.
 */
final class Shrinker {
    /** Worlds that are tried; each takes some milliseconds. */
    private static final int TRIES = 500;

    private final Plan whole;
    private final Sabotage sabotage;
    private final Breach.Law law;
    private final int parts;
    private int tries;

    private Shrinker(Plan whole, Sabotage sabotage, Breach.Law law) {
        this.whole = whole;
        this.sabotage = sabotage;
        this.law = law;
        this.parts = whole.size() + models().size();
    }

    static Plan shrink(Plan plan, Breach breach, Sabotage sabotage) {
        return new Shrinker(plan, sabotage, breach.law()).run(breach.at());
    }

    private Plan run(Duration until) {
        BitSet kept = new BitSet();
        kept.set(0, parts);
        for (int i = 0; i < whole.happenings().size(); i++) {
            if (whole.happenings().get(i).at().compareTo(until) > 0) {
                kept.clear(i);
            }
        }
        if (!fails(kept)) {
            kept.set(0, parts);
        }
        for (int piece = Math.max(1, parts / 2); tries < TRIES; piece /= 2) {
            boolean smaller = drop(kept, piece);
            if (piece == 1 && !smaller) {
                break;
            }
            piece = piece == 1 ? 2 : piece; // single parts are gone through again, as long as that helps
        }
        return part(kept);
    }

    /** Tries to do without each piece in turn; true when one could be spared. */
    private boolean drop(BitSet kept, int piece) {
        boolean smaller = false;
        for (int from = 0; from < parts && tries < TRIES; from += piece) {
            BitSet fewer = (BitSet) kept.clone();
            fewer.clear(from, Math.min(parts, from + piece));
            if (fewer.cardinality() < kept.cardinality() && fails(fewer)) {
                kept.and(fewer);
                smaller = true;
            }
        }
        return smaller;
    }

    private boolean fails(BitSet kept) {
        tries++;
        return new World(part(kept), Story.UNTOLD, sabotage)
                .run()
                .breach()
                .filter(b -> b.law() == law)
                .isPresent();
    }

    /** First the happenings, then the asks, client by client, then the models that may misbehave. */
    private Plan part(BitSet kept) {
        int at = 0;
        List<Plan.Happening> happenings = new ArrayList<>();
        for (Plan.Happening happening : whole.happenings()) {
            if (kept.get(at++)) {
                happenings.add(happening);
            }
        }
        List<Plan.Client> clients = new ArrayList<>();
        for (Plan.Client client : whole.clients()) {
            List<Plan.Ask> asks = new ArrayList<>();
            Duration skipped = Duration.ZERO;
            for (Plan.Ask ask : client.asks()) {
                if (kept.get(at++)) {
                    asks.add(later(ask, skipped));
                    skipped = Duration.ZERO;
                } else {
                    skipped = skipped.plus(ask.think());
                }
            }
            clients.add(new Plan.Client(client.name(), client.begins(), client.waits(), asks));
        }
        Set<ModelId> calm = new TreeSet<>();
        for (ModelId model : models()) {
            if (!kept.get(at++)) {
                calm.add(model);
            }
        }
        return whole.with(clients, happenings).calming(calm);
    }

    /** The others keep their time when one is left out. */
    private static Plan.Ask later(Plan.Ask ask, Duration by) {
        return new Plan.Ask(
                ask.think().plus(by),
                ask.model(),
                ask.route(),
                ask.profile(),
                ask.streaming(),
                ask.work(),
                ask.patience(),
                ask.hangUp());
    }

    private List<ModelId> models() {
        Set<ModelId> models = new TreeSet<>();
        for (Policy policy : whole.policies()) {
            policy.models().forEach(m -> models.add(m.id()));
        }
        return List.copyOf(models);
    }
}
