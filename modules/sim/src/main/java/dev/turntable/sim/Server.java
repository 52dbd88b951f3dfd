package dev.turntable.sim;

import dev.turntable.engine.Conductor;
import dev.turntable.engine.ConductorOptions;
import dev.turntable.engine.Ticket;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.fsm.Run;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Fault;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.MemoryDisk;
import dev.turntable.journal.MemoryJournal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The server of a world: the real Conductor on the real journal, put together as the product does it, started and ended as often as the
 * plan says.
 */
final class Server {
    private static final Duration HAND_OVER = Duration.ofNanos(200_000);
    private static final Duration IDLE_FORCE = Duration.ofMillis(900);
    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final Duration HEAL = Duration.ofMillis(500);

    private final World world;
    private final MemoryDisk disk;
    private int generation;
    private boolean up;
    private boolean listening;
    private boolean forcing;
    private boolean draining;
    private Policy policy;
    private MemoryJournal journal;
    private Conductor conductor;
    private Optional<Plan.Deed.Crash> armed = Optional.empty();
    private int appendsLeft;

    Server(World world, MemoryDisk disk) {
        this.world = world;
        this.disk = disk;
        this.policy = world.plan().policies().getFirst();
    }

    /** The server dies; thrown out of an append. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;

        Died() {
            super("the server died", null, false, false);
        }
    }

    // Its life

    /** As the composition root of the product does it, step by step. */
    void start() {
        generation++;
        journal = MemoryJournal.stepped(
                disk,
                JournalOptions.defaults()
                        .withDurability(world.plan().durability())
                        .withVersion("sim"));
        conductor = Conductor.open(
                new WatchedJournal(journal, new Eye()),
                world.clock(),
                new ConductorOptions(world.plan().snapshotEvery(), 0, _ -> {}));
        up = true;
        draining = false;
        forcing = false;
        journal.onHealth(health -> submit(
                health.degraded()
                        ? new Fact.DiskLow(health.freeBytes(), health.floorBytes())
                        : new Fact.DiskRecovered(health.freeBytes(), health.lostCommits())));
        world.watch().opened(journal, conductor.yard());
        long folded = journal.head();
        List<Run> alive = conductor.yard().runs();
        submit(new Fact.ServerStarted("sim", generation, "boot"));
        apply("start");
        world.machine().reconcile(alive);
        journal.follow("process", folded + 1, this::follow);
        submit(new Fact.ServerListening("127.0.0.1:8080", false, false));
        listening = true;
        for (ModelId model : world.plan().preload()) {
            world.crowd().preload(model);
        }
    }

    private void apply(String origin) {
        submit(new Fact.ConfigApplied(
                "policy-" + world.plan().policies().indexOf(policy),
                origin,
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of()));
    }

    void reload(Policy next) {
        policy = next;
        apply("api");
    }

    /** Dies at an append to come; while it is down, at one of its next start. */
    void arm(Plan.Deed.Crash crash) {
        if (armed.isEmpty()) {
            armed = Optional.of(crash);
            appendsLeft = crash.appends();
        }
    }

    /** What remains of the machine after {@link Died}; the next start is on the agenda. */
    void died() {
        Plan.Deed.Crash crash = armed.orElseThrow();
        boolean degraded = journal.status().degraded();
        journal.kill();
        ended();
        // a server that dies while the disk is full takes what it could not write with it; the machine goes with it
        // here
        Plan.Wreck wreck = degraded ? Plan.Wreck.POWER : crash.wreck();
        world.tell("the server dies: " + wreck);
        if (wreck == Plan.Wreck.TORN && disk.unforced() > 0) {
            disk.inject(new Fault.Tear(crash.bytesKept()));
        } else if (wreck != Plan.Wreck.KILLED) {
            disk.inject(new Fault.LoseUnforcedTail());
        }
        if (wreck != Plan.Wreck.KILLED) {
            world.machine().powerOff();
        }
        world.agenda().after(crash.downtime(), this::start);
    }

    /** Ends in order and calls {@code then}; not while the disk is full, which would lose what waits in memory. */
    void stop(Duration drain, Optional<Duration> again, Runnable then) {
        if (!up || draining || journal.status().degraded()) {
            return;
        }
        draining = true;
        listening = false;
        int run = generation;
        submit(new Fact.ServerStopping("SIGTERM", Optional.of(LONGEST)));
        Duration patience = again.filter(a -> a.compareTo(drain) < 0).orElse(drain);
        again.ifPresent(time -> world.agenda().after(time, () -> {
            if (isRun(run)) {
                submit(new Fact.ServerForced("SIGINT"));
            }
        }));
        world.agenda().after(patience, () -> {
            if (isRun(run)) {
                if (patience.equals(drain)) {
                    submit(new Fact.ServerDrained(LONGEST.minus(drain)));
                }
                awaitEmpty(run, world.agenda().now() + LONGEST.toNanos(), then);
            }
        });
    }

    private void awaitEmpty(int run, long backstop, Runnable then) {
        if (!isRun(run)) {
            return;
        }
        boolean late = world.agenda().now() >= backstop;
        if (!conductor.yard().runs().isEmpty() && !late) {
            world.agenda().after(HEAL, () -> awaitEmpty(run, backstop, then));
            return;
        }
        if (late) {
            world.machine().killAll();
        }
        submit(new Fact.ServerStopped());
        conductor.close();
        world.watch().closed(conductor.yard());
        journal.close();
        ended();
        then.run();
    }

    private void ended() {
        up = false;
        listening = false;
        generation++;
        armed = Optional.empty();
        world.crowd().lost();
        world.clock().forgetAlarms();
    }

    boolean isUp() {
        return up;
    }

    boolean isListening() {
        return listening;
    }

    boolean isDraining() {
        return draining;
    }

    /** Takes what is reported to this server run; what comes after its end is lost. */
    Consumer<Fact> reports() {
        int run = generation;
        return fact -> {
            if (isRun(run)) {
                submit(fact);
            }
        };
    }

    private boolean isRun(int number) {
        return up && generation == number;
    }

    // What goes in

    Policy policy() {
        return policy;
    }

    Yard yard() {
        return conductor.yard();
    }

    RequestId newRequest() {
        return conductor.newRequest();
    }

    Ticket admit(Fact.RequestArrived arrival) {
        try {
            return conductor.admit(arrival);
        } catch (RuntimeException e) {
            throw world.unsound(e, arrival);
        }
    }

    void submit(Fact fact) {
        if (!up || !world.sabotage().reports(fact)) {
            return;
        }
        try {
            conductor.submit(fact);
        } catch (RuntimeException e) {
            throw world.unsound(e, fact);
        }
    }

    // What comes out

    /** Lets everything that the last event caused take its course: followers, answers, the idle force. */
    void settle() {
        while (up && (journal.pump() > 0 || world.watch().hasAnswers())) {
            world.watch().takeAnswers().forEach(world.crowd()::answered);
        }
        if (up && !forcing && disk.unforced() > 0) {
            forcing = true;
            int run = generation;
            world.agenda().after(IDLE_FORCE, () -> force(run));
        }
    }

    private void force(int run) {
        if (isRun(run)) {
            forcing = false;
            journal.awaitDurable(journal.head());
        }
    }

    private void follow(Commit commit) {
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.StartOrdered _,
                        Decision.StopOrdered _,
                        Decision.KillOrdered _,
                        Decision.OrphanReaped _ -> {
                    int run = generation;
                    world.agenda().after(HAND_OVER, () -> carryOut(run, commit.seq(), decision));
                }
                default -> {
                    // no order
                }
            }
        }
    }

    private void carryOut(int run, long seq, Decision order) {
        if (!isRun(run) || !world.sabotage().obeys(order)) {
            return;
        }
        boolean start = order instanceof Decision.StartOrdered;
        if (world.sabotage().waitsForDisk()) {
            if (start) {
                journal.awaitDurable(seq);
            } else {
                journal.awaitAcknowledged(seq);
            }
        }
        boolean forced =
                switch (world.plan().durability()) {
                    case FAST -> true;
                    case STANDARD ->
                        !start
                                || journal.head() - disk.unforced() >= seq
                                || journal.status().degraded();
                    case STRICT ->
                        journal.head() - disk.unforced() >= seq
                                || journal.status().degraded();
                };
        if (!forced) {
            world.broken(Breach.Law.DURABLE, order + " is carried out before it is on disk");
        }
        world.watch().obeyed(order);
        world.machine().carryOut(order);
    }

    // The disk

    void fillDisk(Duration until) {
        disk.inject(new Fault.Fill());
        world.agenda().after(until, () -> disk.inject(new Fault.MakeRoom()));
        world.agenda().after(until.plus(HEAL), this::heal);
        heal();
    }

    private void heal() {
        if (up) {
            journal.heal();
        }
    }

    private final class Eye implements WatchedJournal.Eye {
        @Override
        public List<Decision> before(Fact fact, List<Decision> decisions) {
            dieAt(false);
            return world.sabotage().decides(fact, decisions);
        }

        @Override
        public void after(Commit commit) {
            world.watch().committed(commit);
            dieAt(true);
            if (armed.isPresent()) {
                appendsLeft--;
            }
        }

        private void dieAt(boolean after) {
            if (armed.isPresent() && armed.get().after() == after && appendsLeft <= 0) {
                throw new Died();
            }
        }
    }
}
