package dev.turntable.sim;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.SetExpr;
import dev.turntable.sim.machine.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Draws configurations: three to twelve models, alone, in groups or in a matrix, and what a reload makes of them. */
final class Policymaker {
    private static final int FIRST_PORT = 9001;
    private final Chance chance;
    private final List<ModelId> names = new ArrayList<>();

    Policymaker(Chance chance) {
        this.chance = chance;
        int models = 3 + (chance.oneIn(3) ? chance.below(10) : chance.below(4));
        for (int i = 0; i < models; i++) {
            names.add(new ModelId("m" + (char) ('a' + i)));
        }
    }

    List<ModelId> names() {
        return names;
    }

    Policy first() {
        List<Policy.Model> models = new ArrayList<>();
        Duration budget = chance.scattered(10, 90);
        for (int i = 0; i < names.size(); i++) {
            models.add(model(i, budget, "1"));
        }
        return with(models, router(), profiles());
    }

    private Policy with(List<Policy.Model> models, Policy.Router router, List<Policy.Profile> profiles) {
        return new Policy(
                models,
                router,
                profiles,
                chance.scattered(2, 60),
                new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                chance.oneIn(8) ? 4 : 10_000);
    }

    private Policy.Model model(int i, Duration budget, String fingerprint) {
        return new Policy.Model(
                names.get(i),
                names.get(i) + "-" + fingerprint,
                chance.oneIn(3) ? Duration.ZERO : chance.scattered(1, 900),
                budget,
                chance.scattered(0.5, 15),
                chance.oneIn(6) ? 2 : 10,
                chance.oneIn(4) ? chance.below(5) - 2 : 0,
                OptionalInt.of(FIRST_PORT + i));
    }

    /** Some models are changed, retuned, left out or back again; now and then everybody's place is another. */
    Policy next(Policy before, int number) {
        List<Policy.Model> models = new ArrayList<>();
        Duration budget = before.models().isEmpty()
                ? Duration.ofSeconds(30)
                : before.models().getFirst().startBudget();
        for (int i = 0; i < names.size(); i++) {
            var known = before.model(names.get(i));
            int dice = chance.below(20);
            if (dice == 0 && names.size() > 1) {
                continue;
            }
            String print = known.map(
                            m -> m.fingerprint().substring(m.fingerprint().indexOf('-') + 1))
                    .orElse("1");
            Policy.Model drawn = model(i, budget, dice < 4 ? String.valueOf(number + 1) : print);
            models.add(dice < 10 || known.isEmpty() ? drawn : known.get());
        }
        boolean rerouted = chance.oneIn(4);
        return with(models, rerouted ? router() : before.router(), rerouted ? profiles() : before.profiles());
    }

    private Policy.Router router() {
        return switch (chance.below(4)) {
            case 0 -> new Policy.Router.Groups(List.of(new Policy.Group("(default)", true, true, false, names)));
            case 1, 2 -> new Policy.Router.Groups(groups());
            default -> matrix();
        };
    }

    private List<Policy.Group> groups() {
        int count = 1 + chance.below(3);
        List<List<ModelId>> members = new ArrayList<>();
        for (int g = 0; g <= count; g++) {
            members.add(new ArrayList<>());
        }
        names.forEach(name -> members.get(chance.below(count + 1)).add(name));
        List<Policy.Group> groups = new ArrayList<>();
        groups.add(new Policy.Group("(default)", true, true, false, members.getFirst()));
        for (int g = 1; g <= count; g++) {
            groups.add(new Policy.Group("g" + g, chance.oneIn(2), !chance.oneIn(3), chance.oneIn(4), members.get(g)));
        }
        return groups;
    }

    private Policy.Router matrix() {
        List<Policy.MatrixSet> sets = new ArrayList<>();
        int count = 1 + chance.below(4);
        for (int s = 0; s < count; s++) {
            SetExpr expr = expr(3);
            sets.add(new Policy.MatrixSet("s" + s, text(expr), expr));
        }
        List<Policy.Cost> costs = new ArrayList<>();
        names.forEach(name -> {
            if (chance.oneIn(4)) {
                costs.add(new Policy.Cost(name, 1 + chance.below(9)));
            }
        });
        return new Policy.Router.Matrix(sets, costs);
    }

    private SetExpr expr(int depth) {
        if (depth == 0 || chance.oneIn(4)) {
            return new SetExpr.Name(names.get(chance.below(names.size())));
        }
        List<SetExpr> parts = new ArrayList<>();
        int count = 2 + chance.below(2);
        for (int i = 0; i < count; i++) {
            parts.add(expr(depth - 1));
        }
        return chance.oneIn(2) ? new SetExpr.AnyOf(parts) : new SetExpr.AllOf(parts);
    }

    private static String text(SetExpr expr) {
        return switch (expr) {
            case SetExpr.Name name -> name.model().value();
            case SetExpr.AnyOf any -> join(any.parts(), " | ");
            case SetExpr.AllOf all -> join(all.parts(), " & ");
        };
    }

    private static String join(List<SetExpr> parts, String by) {
        return "(" + String.join(by, parts.stream().map(Policymaker::text).toList()) + ")";
    }

    private List<Policy.Profile> profiles() {
        if (!chance.oneIn(3)) {
            return List.of();
        }
        int at = chance.below(names.size() - 1);
        return List.of(new Policy.Profile("pair", List.of(names.get(at), names.get(at + 1))));
    }
}
