package dev.turntable.fsm;

import dev.turntable.event.SetExpr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Finds, in a family of model sets written as an expression, the member worth most, without ever multiplying the family out.
 *
 * <p>Only models with a weight count (the target and those that run); all others vanish from the expression. Alternatives are compared one
 * by one. The factors of a product that share no such model are solved apart and put together; only factors that do share one are
 * combined, and of their combinations those that another one contains are dropped. On a tie the member written first wins.
 */
final class SetSolver {
    private final Roster roster;

    SetSolver(Roster roster) {
        this.roster = roster;
    }

    /** A member of a family, reduced to the models with weight. */
    record Member(BitSet models, long weight) {
        static final Member EMPTY = new Member(new BitSet(), 0);

        boolean has(int model) {
            return models.get(model);
        }

        Member with(Member other, long[] weights) {
            BitSet union = (BitSet) models.clone();
            union.or(other.models);
            return new Member(union, union.stream().mapToLong(i -> weights[i]).sum());
        }

        boolean contains(Member other) {
            BitSet rest = (BitSet) other.models.clone();
            rest.andNot(models);
            return rest.isEmpty();
        }
    }

    /** The member of greatest weight. Weights are not negative; a model with weight 0 is ignored. */
    Member best(SetExpr expr, long[] weights) {
        return switch (expr) {
            case SetExpr.Name name -> single(name, weights);
            case SetExpr.AnyOf any -> {
                Member best = best(any.parts().getFirst(), weights);
                for (SetExpr part : any.parts()) {
                    Member member = best(part, weights);
                    best = member.weight() > best.weight() ? member : best;
                }
                yield best;
            }
            case SetExpr.AllOf all -> product(all, weights);
        };
    }

    private Member single(SetExpr.Name name, long[] weights) {
        int i = roster.indexOf(name.model());
        if (i < 0 || weights[i] == 0) {
            return Member.EMPTY;
        }
        BitSet one = new BitSet();
        one.set(i);
        return new Member(one, weights[i]);
    }

    private Member product(SetExpr.AllOf all, long[] weights) {
        Member whole = Member.EMPTY;
        for (List<SetExpr> entangled : clusters(all.parts(), weights)) {
            Member best = entangled.size() == 1
                    ? best(entangled.getFirst(), weights)
                    : heaviest(multiply(entangled, weights));
            whole = whole.with(best, weights);
        }
        return whole;
    }

    private static Member heaviest(List<Member> members) {
        Member best = members.getFirst();
        for (Member member : members) {
            best = member.weight() > best.weight() ? member : best;
        }
        return best;
    }

    /** The parts in groups, such that parts of different groups have no weighty model in common. */
    private List<List<SetExpr>> clusters(List<SetExpr> parts, long[] weights) {
        List<List<SetExpr>> groups = new ArrayList<>();
        List<BitSet> supports = new ArrayList<>();
        for (SetExpr part : parts) {
            List<SetExpr> group = new ArrayList<>();
            BitSet support = support(part, weights, new BitSet());
            for (int g = groups.size() - 1; g >= 0; g--) {
                if (supports.get(g).intersects(support)) {
                    group.addAll(0, groups.remove(g));
                    support.or(supports.remove(g));
                }
            }
            group.add(part);
            groups.add(group);
            supports.add(support);
        }
        return groups;
    }

    private BitSet support(SetExpr expr, long[] weights, BitSet into) {
        switch (expr) {
            case SetExpr.Name name -> into.or(single(name, weights).models());
            case SetExpr.AnyOf any -> any.parts().forEach(p -> support(p, weights, into));
            case SetExpr.AllOf all -> all.parts().forEach(p -> support(p, weights, into));
        }
        return into;
    }

    /** All members of the family in the order they are written, without those that another one contains. */
    private List<Member> family(SetExpr expr, long[] weights) {
        return switch (expr) {
            case SetExpr.Name name -> List.of(single(name, weights));
            case SetExpr.AnyOf any -> {
                List<Member> members = new ArrayList<>();
                any.parts().forEach(p -> family(p, weights).forEach(m -> keep(members, m)));
                yield members;
            }
            case SetExpr.AllOf all -> multiply(all.parts(), weights);
        };
    }

    private List<Member> multiply(List<SetExpr> parts, long[] weights) {
        List<Member> product = List.of(Member.EMPTY);
        for (SetExpr part : parts) {
            List<Member> factor = family(part, weights);
            List<Member> next = new ArrayList<>();
            for (Member left : product) {
                for (Member right : factor) {
                    keep(next, left.with(right, weights));
                }
            }
            product = next;
        }
        return product;
    }

    private static void keep(List<Member> members, Member candidate) {
        for (Member member : members) {
            if (member.contains(candidate)) {
                return;
            }
        }
        members.removeIf(candidate::contains);
        members.add(candidate);
    }
}
