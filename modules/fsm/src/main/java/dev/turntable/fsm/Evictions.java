package dev.turntable.fsm;

import dev.turntable.event.Policy;
import java.util.Arrays;
import java.util.Optional;

/** Who must leave for whom: a pure question about a target and the models that run, which may be asked speculatively. */
sealed interface Evictions permits GroupEvictions, MatrixEvictions {
    int[] NOBODY = {};

    static Evictions of(Policy.Router router, Roster roster) {
        return switch (router) {
            case Policy.Router.Groups groups -> new GroupEvictions(groups, roster);
            case Policy.Router.Matrix matrix -> new MatrixEvictions(matrix, roster);
        };
    }

    /** {@code group} or {@code matrix}, as messages name it. */
    String router();

    /**
     * The plan for loading or serving {@code target}.
     *
     * @param targetRuns its own process is there, and not leaving
     * @param running every model that runs or is about to, ascending; the target among them is passed over
     * @param spared those among them that stay whatever the router says, because a profile loads them beside the target; ascending
     */
    Plan plan(int target, boolean targetRuns, int[] running, int[] spared);

    static boolean contains(int[] ascending, int model) {
        return Arrays.binarySearch(ascending, model) >= 0;
    }

    /**
     * Who leaves.
     *
     * @param leave ascending
     * @param set name of the matrix set that was chosen
     * @param dsl its text
     * @param cost of the evictions
     * @param keep what may stay or come, target included, ascending
     */
    record Plan(int[] leave, Optional<String> set, Optional<String> dsl, int cost, int[] keep) {
        static final Plan NOTHING = new Plan(NOBODY, Optional.empty(), Optional.empty(), 0, NOBODY);

        boolean isEmpty() {
            return leave.length == 0;
        }

        boolean evicts(int model) {
            return contains(leave, model);
        }

        Plan leaving(int[] others) {
            return new Plan(others, set, dsl, cost, keep);
        }
    }
}
