package dev.turntable.fsm;

import dev.turntable.event.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The matrix router (llama-swap §5.5): a target that runs evicts nobody; otherwise the set whose best member keeps the dearest running
 * models is chosen, the first one on a tie, and whoever is not in that member leaves.
 */
final class MatrixEvictions implements Evictions {
    private static final int DEFAULT_COST = 1;
    private final List<Policy.MatrixSet> sets;
    private final SetSolver solver;
    private final int[] costs;

    MatrixEvictions(Policy.Router.Matrix router, Roster roster) {
        this.sets = router.sets();
        this.solver = new SetSolver(roster);
        this.costs = new int[roster.size()];
        Arrays.fill(costs, DEFAULT_COST);
        router.costs().forEach(c -> {
            int i = roster.indexOf(c.model());
            if (i >= 0) {
                costs[i] = c.cost();
            }
        });
    }

    @Override
    public String router() {
        return "matrix";
    }

    @Override
    public Plan plan(int target, boolean targetRuns, int[] running) {
        if (targetRuns) {
            return Plan.NOTHING;
        }
        int[] others = IntStream.of(running).filter(m -> m != target).toArray();
        return others.length == 0 ? Plan.NOTHING : cheapest(target, others);
    }

    private Plan cheapest(int target, int[] running) {
        long[] weights = new long[costs.length];
        long all = 0;
        for (int other : running) {
            weights[other] = costs[other];
            all += costs[other];
        }
        weights[target] = all + 1; // a member without the target never beats one with it
        Policy.MatrixSet chosen = null;
        SetSolver.Member best = SetSolver.Member.EMPTY;
        for (Policy.MatrixSet set : sets) {
            SetSolver.Member member = solver.best(set.expr(), weights);
            if (member.weight() > all && member.weight() > best.weight()) {
                chosen = set;
                best = member;
            }
        }
        if (chosen == null) {
            return new Plan(running, Optional.empty(), Optional.empty(), 0, new int[] {target});
        }
        SetSolver.Member kept = best;
        int[] leave = IntStream.of(running).filter(m -> !kept.has(m)).toArray();
        long cost = all - (best.weight() - weights[target]);
        int[] keep = IntStream.concat(IntStream.of(running).filter(kept::has), IntStream.of(target))
                .sorted()
                .toArray();
        return new Plan(
                leave,
                Optional.of(chosen.name()),
                Optional.of(chosen.dsl()),
                (int) Math.min(cost, Integer.MAX_VALUE),
                keep);
    }
}
