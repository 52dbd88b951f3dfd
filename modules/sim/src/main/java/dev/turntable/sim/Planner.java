package dev.turntable.sim;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.Route;
import dev.turntable.journal.Durability;
import dev.turntable.sim.machine.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Draws a {@link Plan} from a seed: at least an hour of clients of every habit, and what is done to the server meanwhile. */
final class Planner {
    /** The longest that an upstream and its client take for one answer. */
    static final Duration LONGEST_WORK = Duration.ofSeconds(60);

    private final long seed;
    private final Chance chance;
    private final Policymaker policymaker;
    private final List<ModelId> models;
    private final List<Plan.Client> clients = new ArrayList<>();
    private final List<Plan.Happening> happenings = new ArrayList<>();
    private final Duration horizon;

    private Planner(long seed) {
        this.seed = seed;
        this.chance = new Chance(seed);
        this.policymaker = new Policymaker(chance.split("policy"));
        this.models = policymaker.names();
        this.horizon = Duration.ofHours(1).plus(chance.seconds(0, 300));
    }

    static Plan of(long seed) {
        return new Planner(seed).draw();
    }

    private Plan draw() {
        List<Policy> policies = new ArrayList<>();
        policies.add(policymaker.first());
        clients();
        disturb(policies);
        happenings.sort(Comparator.comparing(Plan.Happening::at));
        return new Plan(
                seed,
                policies,
                chance.oneIn(4) ? List.of(models.getFirst()) : List.of(),
                clients,
                happenings,
                horizon,
                chance.oneIn(4) ? Durability.STRICT : chance.oneIn(4) ? Durability.FAST : Durability.STANDARD,
                40 + chance.below(400),
                Set.of());
    }

    // Clients

    private void clients() {
        lone(chance.split("lone"));
        int agents = 1 + chance.below(2);
        for (int i = 0; i < agents; i++) {
            agent("agent " + (i + 1), chance.split("agent " + i));
        }
        int bursts = 1 + chance.below(2);
        for (int i = 0; i < bursts; i++) {
            burst("burst " + (i + 1), chance.split("burst " + i));
        }
        if (chance.oneIn(4)) {
            Chance own = chance.split("hogs");
            Duration begins = own.seconds(0, 3_000);
            ModelId model = pick(own);
            hog("hog 1", model, begins, own);
            hog("hog 2", model, begins.plusSeconds(1), own);
        }
    }

    private ModelId pick(Chance from) {
        return models.get(from.below(models.size()));
    }

    /** People who come now and then, over the whole hour. */
    private void lone(Chance from) {
        List<Plan.Ask> asks = new ArrayList<>();
        int count = 15 + from.below(30);
        double pause = horizon.toMillis() / 1_000.0 / count;
        for (int i = 0; i < count; i++) {
            asks.add(ask(from, pick(from), from.seconds(0, 2 * pause)));
        }
        clients.add(new Plan.Client("people", Duration.ZERO, false, asks));
    }

    /** Asks two models in turn, and rests between sessions. */
    private void agent(String name, Chance from) {
        ModelId one = pick(from);
        ModelId other = pick(from);
        List<Plan.Ask> asks = new ArrayList<>();
        int count = 10 + from.below(25);
        for (int i = 0; i < count; i++) {
            Duration think = from.oneIn(12) ? from.seconds(60, 600) : from.scattered(0.001, 5);
            asks.add(ask(from, i % 2 == 0 ? one : other, think));
        }
        clients.add(new Plan.Client(name, from.seconds(0, 1_800), true, asks));
    }

    /** Many at once. */
    private void burst(String name, Chance from) {
        List<Plan.Ask> asks = new ArrayList<>();
        int count = 3 + from.below(16);
        ModelId favourite = pick(from);
        for (int i = 0; i < count; i++) {
            Duration apart = from.oneIn(2) ? Duration.ZERO : from.scattered(0.000_01, 0.5);
            asks.add(ask(from, from.oneIn(2) ? favourite : pick(from), apart));
        }
        clients.add(new Plan.Client(name, from.seconds(0, 3_500), false, asks));
    }

    /** Never lets its model rest. */
    private void hog(String name, ModelId model, Duration begins, Chance from) {
        List<Plan.Ask> asks = new ArrayList<>();
        int count = 20 + from.below(40);
        for (int i = 0; i < count; i++) {
            asks.add(new Plan.Ask(
                    Duration.ofMillis(1),
                    model,
                    Route.LOCAL,
                    Optional.empty(),
                    true,
                    from.seconds(1, 6),
                    Optional.empty(),
                    Optional.empty()));
        }
        clients.add(new Plan.Client(name, begins, true, asks));
    }

    private Plan.Ask ask(Chance from, ModelId model, Duration think) {
        boolean streaming = from.oneIn(3);
        Duration work = from.oneIn(5) ? from.scattered(1, LONGEST_WORK.toSeconds()) : from.scattered(0.002, 4);
        Route route = from.oneIn(50) ? (from.oneIn(2) ? Route.PEER : Route.NOWHERE) : Route.LOCAL;
        return new Plan.Ask(
                think,
                model,
                route,
                from.oneIn(15) ? Optional.of("pair") : Optional.empty(),
                streaming,
                work,
                from.oneIn(10) ? Optional.of(from.scattered(0.001, 60)) : Optional.empty(),
                from.oneIn(12) ? Optional.of(from.scattered(0.000_1, 10)) : Optional.empty());
    }

    // What is done to the server

    private void disturb(List<Policy> policies) {
        operators(chance.split("operators"));
        Chance reloads = chance.split("reloads");
        Chance drawn = chance.split("reloaded");
        int count = reloads.below(5);
        for (int i = 0; i < count; i++) {
            policies.add(policymaker.next(policies.getLast(), i + 1));
            add(reloads, new Plan.Deed.Reload(reloads.oneIn(5) ? 0 : i + 1));
            if (drawn.oneIn(3)) {
                add(reloads, new Plan.Deed.Refuse());
            }
        }
        Chance machine = chance.split("machine");
        for (int i = machine.below(3); i > 0; i--) {
            Duration by = machine.scattered(1.5, 7_200);
            add(machine, new Plan.Deed.Step(machine.oneIn(2) ? by : by.negated()));
        }
        for (int i = machine.below(3); i > 0; i--) {
            add(machine, crash(machine));
        }
        if (machine.oneIn(3)) {
            Chance hurry = chance.split("hurry");
            add(
                    machine,
                    new Plan.Deed.Restart(
                            machine.scattered(0.01, 30),
                            hurry.oneIn(3) ? Optional.empty() : Optional.of(hurry.scattered(0.000_1, 5)),
                            machine.scattered(0.1, 20)));
        }
        if (machine.oneIn(4)) {
            add(machine, new Plan.Deed.FillDisk(machine.scattered(1, 120)));
        }
    }

    private static Plan.Deed crash(Chance from) {
        return new Plan.Deed.Crash(
                Plan.Wreck.values()[from.below(3)],
                from.below(40),
                from.oneIn(2),
                from.below(400),
                from.scattered(0.05, 60));
    }

    private void operators(Chance from) {
        for (int i = from.below(8); i > 0; i--) {
            add(
                    from,
                    switch (from.below(8)) {
                        case 0, 1 -> new Plan.Deed.Unload(List.of());
                        case 2, 3 -> new Plan.Deed.Unload(List.of(pick(from)));
                        case 4, 5 -> new Plan.Deed.Load(pick(from));
                        case 6 -> new Plan.Deed.Activate(from.oneIn(2) ? Optional.of("day") : Optional.empty());
                        default -> new Plan.Deed.Poll();
                    });
        }
        if (from.oneIn(5)) {
            Duration at = from.seconds(10, 3_000);
            happenings.add(new Plan.Happening(at, new Plan.Deed.Hold()));
            happenings.add(new Plan.Happening(at.plus(from.scattered(0.1, 500)), new Plan.Deed.Lift()));
        }
    }

    /** Half of them at any time, half of them in the middle of a busy moment: a few milliseconds after a client began. */
    private void add(Chance from, Plan.Deed deed) {
        Duration at = from.oneIn(2)
                ? from.seconds(1, 3_599)
                : clients.get(from.below(clients.size())).begins().plus(from.scattered(0.001, 120));
        happenings.add(new Plan.Happening(at, deed));
    }
}
