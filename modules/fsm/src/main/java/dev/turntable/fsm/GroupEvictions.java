package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The group router (llama-swap §5.4): for a target of group G another model leaves when it is in G and G swaps, or when it is in another
 * group, G is exclusive and that group is not persistent. A model in no group, left over from an older configuration, counts as one in a
 * group of its own.
 */
final class GroupEvictions implements Evictions {
    private static final int NO_GROUP = -1;
    private final List<Policy.Group> groups;
    private final int[] groupOf;

    GroupEvictions(Policy.Router.Groups router, Roster roster) {
        this.groups = router.groups();
        this.groupOf = new int[roster.size()];
        Arrays.fill(groupOf, NO_GROUP);
        for (int g = 0; g < groups.size(); g++) {
            for (ModelId member : groups.get(g).members()) {
                int i = roster.indexOf(member);
                if (i >= 0) {
                    groupOf[i] = g;
                }
            }
        }
    }

    @Override
    public String router() {
        return "group";
    }

    @Override
    public Plan plan(int target, boolean targetRuns, int[] running, int[] spared) {
        int[] leave = NOBODY;
        int n = 0;
        for (int other : running) {
            if (leaves(other, target) && !Evictions.contains(spared, other)) {
                leave = n == 0 ? new int[running.length] : leave;
                leave[n++] = other;
            }
        }
        return n == 0 ? Plan.NOTHING : new Plan(Arrays.copyOf(leave, n), Optional.empty(), Optional.empty(), 0, NOBODY);
    }

    private boolean leaves(int other, int target) {
        if (other == target) {
            return false;
        }
        int own = groupOf[target];
        int its = groupOf[other];
        if (own == NO_GROUP) {
            return false;
        }
        if (own == its) {
            return groups.get(own).swap();
        }
        return groups.get(own).exclusive()
                && (its == NO_GROUP || !groups.get(its).persistent());
    }
}
