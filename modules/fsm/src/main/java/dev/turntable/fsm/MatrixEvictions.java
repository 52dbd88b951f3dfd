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
    public Plan plan(int target, boolean targetRuns, int[] running, int[] spared) {
        if (targetRuns) {
            return Plan.NOTHING;
        }
        int[] others = IntStream.of(running).filter(m -> m != target).toArray();
        return others.length == 0 ? Plan.NOTHING : cheapest(target, others, spared);
    }

    /** Of the sets that hold the target and everybody who stays anyway, the one that keeps the dearest others. */
    private Plan cheapest(int target, int[] running, int[] spared) {
        long[] weights = new long[costs.length];
        long all = 0;
        for (int other : running) {
            weights[other] = costs[other];
            all += costs[other];
        }
        for (int one : spared) {
            weights[one] = all + 1; // a member without one of those who must be in it never beats one with all of them
        }
        weights[target] = all + 1;
        Policy.MatrixSet chosen = null;
        SetSolver.Member best = SetSolver.Member.EMPTY;
        for (Policy.MatrixSet set : sets) {
            SetSolver.Member member = solver.best(set.expr(), weights);
            boolean fits = member.has(target) && IntStream.of(spared).allMatch(member::has);
            if (fits && member.weight() > best.weight()) {
                chosen = set;
                best = member;
            }
        }
        SetSolver.Member kept = best;
        int[] leave = IntStream.of(running)
                .filter(m -> !kept.has(m) && !Evictions.contains(spared, m))
                .toArray();
        int[] keep = IntStream.concat(
                        IntStream.of(running).filter(m -> !Evictions.contains(leave, m)), IntStream.of(target))
                .sorted()
                .toArray();
        if (chosen == null) {
            return new Plan(leave, Optional.empty(), Optional.empty(), 0, keep);
        }
        long cost = IntStream.of(leave).mapToLong(m -> costs[m]).sum();
        return new Plan(
                leave,
                Optional.of(chosen.name()),
                Optional.of(chosen.dsl()),
                (int) Math.min(cost, Integer.MAX_VALUE),
                keep);
    }
}
