package dev.turntable.sim;

import dev.turntable.event.Actor;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.journal.MemoryDisk;
import dev.turntable.sim.machine.Agenda;
import dev.turntable.sim.machine.Chance;
import dev.turntable.sim.machine.Fate;
import dev.turntable.sim.machine.Machine;
import dev.turntable.sim.machine.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One simulated world: the real core, Conductor and journal among simulated clients, processes, operators and disks, on one thread, in
 * virtual time. {@link #run} plays a {@link Plan} to its end or to the first broken law. The same plan always gives the same journal.
 */
final class World {
    /** No world needs nearly so many; one that does goes round in circles. */
    private static final int EVENTS_LIMIT = 2_000_000;

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration INSPECTION = Duration.ofSeconds(30);

    private final Plan plan;
    private final Story story;
    private final Sabotage sabotage;
    private final Agenda agenda = new Agenda();
    private final VirtualClock clock = new VirtualClock(agenda, BEGIN);
    private final MemoryDisk disk;
    private final Watch watch;
    private final Machine machine;
    private final Crowd crowd;
    private final Server server;
    private boolean over;

    World(Plan plan, Story story, Sabotage sabotage) {
        this.plan = plan;
        this.story = story;
        this.sabotage = sabotage;
        this.disk = new MemoryDisk("sim-" + plan.seed());
        this.watch = new Watch(this);
        this.machine = new Machine(agenda, new Place());
        this.crowd = new Crowd(this);
        this.server = new Server(this, disk);
    }

    /** Plays the plan. */
    Outcome run() {
        Optional<Breach> breach = Optional.empty();
        try {
            agenda.at(0, server::start);
            crowd.begin();
            plan.happenings().forEach(h -> agenda.after(h.at(), () -> happen(h.deed())));
            agenda.after(INSPECTION, this::inspect);
            agenda.after(plan.horizon(), this::end);
            int events = 0;
            while (!over && step()) {
                if (++events > EVENTS_LIMIT) {
                    broken(Breach.Law.PROGRESS, "the world goes round in circles");
                }
            }
        } catch (Breach.Broken broken) {
            breach = Optional.of(broken.breach());
        } catch (RuntimeException e) {
            breach = Optional.of(sound(e, ""));
        }
        Audit audit = Audit.of(disk, watch.openings(), watch.last());
        return new Outcome(
                plan.seed(),
                audit.commits(),
                audit.swaps(),
                audit.requests(),
                crowd.worstWait(),
                disk.chain(),
                breach.or(audit::breach),
                disk);
    }

    /**
     * What became of a world.
     *
     * @param chain of the journal's last commit, in hex: equal for equal journals
     */
    record Outcome(
            long seed,
            long commits,
            long swaps,
            long requests,
            Duration worstWait,
            String chain,
            Optional<Breach> breach,
            MemoryDisk disk) {}

    private boolean step() {
        try {
            boolean more = agenda.step();
            server.settle();
            return more;
        } catch (Server.Died _) {
            server.died();
            return true;
        }
    }

    private void happen(Plan.Deed deed) {
        boolean serving = server.isUp() && !server.isDraining();
        if (!serving && !(deed instanceof Plan.Deed.Crash)) {
            return;
        }
        tell("→ " + deed);
        switch (deed) {
            case Plan.Deed.Unload d -> server.submit(new Fact.UnloadAsked(d.models(), Actor.OPERATOR));
            case Plan.Deed.Load d -> server.submit(new Fact.LoadAsked(d.model(), Actor.OPERATOR));
            case Plan.Deed.Hold _ -> server.submit(new Fact.HoldPlaced(Actor.OPERATOR, "training"));
            case Plan.Deed.Lift _ -> server.submit(new Fact.HoldLifted(Actor.OPERATOR));
            case Plan.Deed.Activate d -> server.submit(new Fact.ProfileActivated(d.profile(), Actor.OPERATOR));
            case Plan.Deed.Reload d -> server.reload(plan.policies().get(d.policy()));
            case Plan.Deed.Refuse _ -> server.submit(new Fact.ConfigRejected("api", List.of("line 3: no such key")));
            case Plan.Deed.Step d -> clock.step(d.by());
            case Plan.Deed.Crash d -> server.arm(d);
            case Plan.Deed.Restart d ->
                server.stop(d.drain(), d.again(), () -> agenda.after(d.downtime(), server::start));
            case Plan.Deed.FillDisk d -> server.fillDisk(d.until());
            case Plan.Deed.Poll _ ->
                server.submit(new Fact.HttpServed(
                        "GET", "/running", "HTTP/1.1", 200, 2, "ui", Optional.empty(), Duration.ofMillis(1)));
        }
    }

    private void inspect() {
        agenda.after(INSPECTION, this::inspect);
        if (server.isUp()) {
            watch.inspect(server.yard());
        }
    }

    /** The clients have gone home; what is still open must come to its end, then the server is stopped in order. */
    private void end() {
        agenda.after(Duration.ofMinutes(2), this::end); // first of all: the server may die in any of what follows
        if (!server.isUp() || server.isDraining()) {
            return;
        }
        if (server.yard().hold().isPresent()) {
            server.submit(new Fact.HoldLifted(Actor.OPERATOR));
        }
        if (crowd.isIdle()) {
            server.stop(Duration.ZERO, Optional.empty(), () -> over = true);
        }
    }

    // For those who live in it

    Plan plan() {
        return plan;
    }

    Agenda agenda() {
        return agenda;
    }

    VirtualClock clock() {
        return clock;
    }

    Sabotage sabotage() {
        return sabotage;
    }

    Watch watch() {
        return watch;
    }

    Machine machine() {
        return machine;
    }

    Crowd crowd() {
        return crowd;
    }

    Server server() {
        return server;
    }

    /** What the machine knows of the rest. */
    private final class Place implements Machine.Surroundings {
        private final Chance chance = new Chance(plan.seed()).split("processes");

        @Override
        public Optional<Policy.Model> settings(ModelId model) {
            return server.policy().model(model);
        }

        @Override
        public Fate fate(ModelId model, int birth) {
            return Fate.draw(
                    chance.split("mood of " + model),
                    chance.split(model + " number " + birth),
                    plan.calm().contains(model));
        }

        @Override
        public Consumer<Fact> server() {
            return server.reports();
        }

        @Override
        public void tell(String what) {
            World.this.tell(what);
        }
    }

    boolean isTold() {
        return story != Story.UNTOLD;
    }

    void tell(String what) {
        if (isTold()) {
            story.tell(Duration.ofNanos(agenda.now()), what);
        }
    }

    /** Ends the world. */
    void broken(Breach.Law law, String what) {
        tell("!! " + law + ": " + what);
        throw new Breach.Broken(new Breach(law, what, watch.head(), Duration.ofNanos(agenda.now())));
    }

    Error unsound(RuntimeException e, Fact fact) {
        return new Breach.Broken(sound(e, ", on " + Told.of(fact)));
    }

    private Breach sound(RuntimeException e, String when) {
        StackTraceElement[] trace = e.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        String what = e + where + when;
        tell("!! " + Breach.Law.SOUND + ": " + what);
        return new Breach(Breach.Law.SOUND, what, watch.head(), Duration.ofNanos(agenda.now()));
    }

    /** The longest policy of the plan decides; see docs/simulation.md. */
    static Duration longestMaxWait(Plan plan) {
        return plan.policies().stream()
                .map(Policy::maxWait)
                .max(Duration::compareTo)
                .orElseThrow();
    }
}
