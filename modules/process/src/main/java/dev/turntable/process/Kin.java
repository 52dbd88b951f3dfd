package dev.turntable.process;

import dev.turntable.event.Fact;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds the processes that belong to a run, wherever they went: its descendants, its session, and whoever carries its mark.
 *
 * <pre>
 *  a process that            is found because
 *  stays                     it is a descendant of the leader
 *  calls setsid              the same
 *  loses its parent, too     it became our child (we are the subreaper), and its session or its mark says whose it is
 *  takes off the mark, too   it is not: it wants to live, and is mentioned when its run ends
 * </pre>
 *
 * <p>Looking takes one file and two more for each child that came to us so; only for a run of an earlier server run, whose
 * orphans went elsewhere, the whole machine is looked through (docs/decisions/0071-descendants.md).
 */
final class Kin {
    /** Name in the environment of a run's processes; the value is the path of its output pipe, which no other run of any server has. */
    private static final String MARK = "TURNTABLE_RUN";

    private final Supplier<Collection<Integer>> leaders;
    private final Set<ProcFs.Stat> mentioned = new HashSet<>();

    /** {@code leaders} are those of our children that somebody waits for: runs and stop commands. */
    Kin(Supplier<Collection<Integer>> leaders) {
        this.leaders = leaders;
    }

    static String mark(Path pipe) {
        return MARK + "=" + pipe;
    }

    /** All of them that have not ended, but for the leader. */
    Collection<ProcFs.Stat> of(Run run) {
        Map<Integer, ProcFs.Stat> found = new LinkedHashMap<>();
        descend(run.pid(), found);
        for (ProcFs.Stat stray : run.isOurs() ? strays() : ProcFs.all()) {
            if (stray.session() == run.pid()
                    || run.knows(stray)
                    || carries(stray, run.output().path())) {
                add(stray, found);
            }
        }
        found.remove(run.pid());
        return found.values();
    }

    /** Processes anywhere that carry the mark of a run whose leader is gone, or write to its pipe: older versions set no mark. */
    static List<ProcFs.Stat> marked(Path pipe) {
        return ProcFs.all().stream()
                .filter(s -> !s.ended() && (carries(s, pipe) || ProcFs.writesTo(s.pid(), pipe)))
                .toList();
    }

    /** Everything below a process that has not ended. */
    static Collection<ProcFs.Stat> below(int pid) {
        Map<Integer, ProcFs.Stat> found = new LinkedHashMap<>();
        descend(pid, found);
        return found.values();
    }

    private static void descend(int pid, Map<Integer, ProcFs.Stat> found) {
        for (int child : ProcFs.children(pid)) {
            ProcFs.stat(child).ifPresent(s -> add(s, found));
        }
    }

    private static void add(ProcFs.Stat process, Map<Integer, ProcFs.Stat> found) {
        if (!process.ended() && found.putIfAbsent(process.pid(), process) == null) {
            descend(process.pid(), found);
        }
    }

    /** Processes that came to us when they lost their parents. Those that the JDK started for us share our session. */
    private List<ProcFs.Stat> strays() {
        Collection<Integer> known = leaders.get();
        int own = ProcFs.self().session();
        return ProcFs.adopted().stream()
                .filter(pid -> !known.contains(pid))
                .flatMap(pid -> ProcFs.stat(pid).stream())
                .filter(s -> s.session() != own)
                .toList();
    }

    /** Takes the exits of those that nobody waits for. True while there are others that still live. */
    boolean reap() {
        List<ProcFs.Stat> strays = strays();
        strays.stream().filter(ProcFs.Stat::ended).forEach(s -> Pid.reap(s.pid()));
        return !strays.stream().allMatch(ProcFs.Stat::ended);
    }

    /** Those that live on without a mark, and began after the run did: each is told of once. */
    List<Fact.Straggler> leftBy(Run run) {
        List<ProcFs.Stat> living = strays().stream().filter(s -> !s.ended()).toList();
        mentioned.removeIf(s -> living.stream().noneMatch(l -> same(l, s)));
        return living.stream()
                .filter(s -> run.isOlderThan(s) && mentioned.stream().noneMatch(m -> same(m, s)) && isUnmarked(s))
                .peek(mentioned::add)
                .map(Kin::straggler)
                .toList();
    }

    private static boolean isUnmarked(ProcFs.Stat process) {
        return !ProcFs.hasInEnvironment(process.pid(), MARK + "=");
    }

    private static boolean carries(ProcFs.Stat process, Path pipe) {
        return ProcFs.hasInEnvironment(process.pid(), mark(pipe) + "\0");
    }

    static boolean same(ProcFs.Stat one, ProcFs.Stat other) {
        return one.pid() == other.pid() && one.startTicks() == other.startTicks();
    }

    static Fact.Straggler straggler(ProcFs.Stat process) {
        return new Fact.Straggler(process.pid(), ProcFs.command(process.pid()));
    }
}
