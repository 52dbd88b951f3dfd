package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.event.ModelId;
import dev.turntable.event.SetExpr;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The solver against the plain way of doing it: multiplying every family out. */
class SetSolverTest {
    @Test
    void theBestMemberIsWorthAsMuchAsTheBestOfAllThatAreMultipliedOut() {
        Roster roster = Roster.of(Rules.models("a", "b", "c", "d", "e").policy(), Set.of());
        SetSolver solver = new SetSolver(roster);
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            SetExpr expr = expr(random, 3);
            long[] weights = random.longs(5, 0, 4).toArray();
            long best = members(expr).stream()
                    .mapToLong(member -> member.stream()
                            .mapToLong(m -> weights[roster.indexOf(m)])
                            .sum())
                    .max()
                    .orElseThrow();
            assertEquals(best, solver.best(expr, weights).weight(), () -> expr + " with " + Arrays.toString(weights));
        }
    }

    private static SetExpr expr(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return Rules.expr(String.valueOf((char) ('a' + random.nextInt(5))));
        }
        Object[] parts = {expr(random, depth - 1), expr(random, depth - 1), expr(random, depth - 1)};
        return random.nextBoolean() ? Rules.any(parts) : Rules.all(parts);
    }

    private static Set<Set<ModelId>> members(SetExpr expr) {
        return switch (expr) {
            case SetExpr.Name name -> Set.of(Set.of(name.model()));
            case SetExpr.AnyOf any -> {
                Set<Set<ModelId>> all = new HashSet<>();
                any.parts().forEach(p -> all.addAll(members(p)));
                yield all;
            }
            case SetExpr.AllOf all -> {
                Set<Set<ModelId>> product = Set.of(Set.of());
                for (SetExpr part : all.parts()) {
                    Set<Set<ModelId>> next = new HashSet<>();
                    for (Set<ModelId> left : product) {
                        for (Set<ModelId> right : members(part)) {
                            Set<ModelId> union = new HashSet<>(left);
                            union.addAll(right);
                            next.add(union);
                        }
                    }
                    product = next;
                }
                yield product;
            }
        };
    }

    @Test
    void ofEntangledMembersWorthTheSameTheFirstWrittenIsChosen() {
        Roster roster = Roster.of(Rules.models("a", "b", "c").policy(), Set.of());
        SetExpr expr = Rules.all(Rules.any("a", "b"), Rules.any("a", "b", "c"));
        SetSolver.Member best = new SetSolver(roster).best(expr, new long[] {1, 1, 1});
        assertEquals("{0, 1}", best.models().toString());
    }
}
