package dev.turntable.whatif;

import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.engine.Conductor;
import dev.turntable.engine.ConductorOptions;
import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.Stage;
import dev.turntable.fsm.Policies;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.MemoryDisk;
import dev.turntable.journal.MemoryJournal;
import dev.turntable.journal.PassingJournal;
import dev.turntable.sim.machine.Agenda;
import dev.turntable.sim.machine.Fate;
import dev.turntable.sim.machine.Machine;
import dev.turntable.sim.machine.VirtualClock;
import dev.turntable.whatif.traffic.Beside;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What really happens, for tests: clients who do as they are told, a machine whose models load as they always do, and the core that decides;
 * all of it written to a journal. Played under one policy it is the record; under another it is what a prediction must come to.
 */
final class TrueWorld implements Machine.Surroundings {
    static final Instant BEGIN = Instant.parse("2026-11-23T08:00:00Z");

    private final Agenda agenda = new Agenda();
    private final Machine machine = new Machine(agenda, this);
    private final Map<String, Duration> loads = new HashMap<>();
    private final Map<RequestId, Call> calls = new HashMap<>();
    private final Journal journal;
    private final Conductor conductor;
    private final String yaml;
    private final Policy policy;
    private Sharing sharing = new Sharing(agenda, new Beside(new double[8], 0, true), 8);
    private final Map<ModelId, Integer> numbers = new HashMap<>();
    private int asking;

    /** One thing that a client asks. */
    record Ask(String model, Duration think, Duration work, Optional<Duration> patience) {}

    private final class Call implements Machine.Guest {
        private final Ask ask;
        private final RequestId id = conductor.newRequest();
        private final Runnable then;
        private final long arrived = agenda.now();
        private long admitted = -1;
        private boolean over;

        Call(Ask ask, Runnable then) {
            this.ask = ask;
            this.then = then;
        }

        @Override
        public void cut() {
            end(this, Outcome.UPSTREAM_DIED);
        }
    }

    TrueWorld(String yaml) {
        this(yaml, MemoryJournal.stepped(new MemoryDisk("truth"), JournalOptions.defaults()));
    }

    TrueWorld(String yaml, Journal journal) {
        this.yaml = yaml;
        this.journal = journal;
        this.policy = Policies.from(
                ((LoadResult.Loaded) ConfigLoader.load(ConfigSources.text("test.yaml", yaml), LoadOptions.of(Map.of())))
                        .config());
        this.conductor = Conductor.open(
                new PassingJournal(this::committed),
                new VirtualClock(agenda, BEGIN),
                new ConductorOptions(Integer.MAX_VALUE, 0, _ -> {}));
        conductor.submit(new Fact.ServerStarted("test", 1, "boot"));
        conductor.submit(new Fact.ConfigApplied(
                "ab",
                "start",
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of()));
    }

    /** Models of that name load so long; others a second. */
    TrueWorld loading(String model, Duration time) {
        loads.put(model, time);
        return this;
    }

    /** Answers take so much longer for each other one of their model beside them, and of others. */
    TrueWorld sharing(double same, double others) {
        double[] all = new double[8];
        Arrays.fill(all, same);
        sharing = new Sharing(agenda, new Beside(all, others, true), 8);
        return this;
    }

    /** A client who asks one thing after the other. */
    TrueWorld closed(String agent, List<Ask> asks) {
        asking++;
        agenda.after(asks.getFirst().think(), () -> next(agent, asks, 0));
        return this;
    }

    /** A client who asks whether or not he has his answer. */
    TrueWorld open(String agent, List<Ask> asks) {
        Duration at = Duration.ZERO;
        for (Ask ask : asks) {
            at = at.plus(ask.think());
            asking++;
            agenda.after(at, () -> ask(agent, ask, () -> asking--));
        }
        return this;
    }

    /** Something that is done to the server at that time. */
    TrueWorld at(Duration time, Fact fact) {
        agenda.after(time, () -> conductor.submit(fact));
        return this;
    }

    /** Plays until everybody has his answer; returns the record. */
    Journal play() {
        boolean more = true;
        while (asking > 0 && more) {
            more = agenda.step();
        }
        return journal;
    }

    /** The configurations of the past. */
    Candidate.Archive archive() {
        return hash -> hash.equals("ab") ? Optional.of(ConfigSources.text("test.yaml", yaml)) : Optional.empty();
    }

    private void next(String agent, List<Ask> asks, int i) {
        ask(agent, asks.get(i), () -> {
            if (i + 1 < asks.size()) {
                agenda.after(asks.get(i + 1).think(), () -> next(agent, asks, i + 1));
            } else {
                asking--;
            }
        });
    }

    private void ask(String agent, Ask ask, Runnable then) {
        Call call = new Call(ask, then);
        calls.put(call.id, call);
        conductor.admit(new Fact.RequestArrived(
                call.id,
                new ModelId(ask.model()),
                Route.LOCAL,
                ask.model(),
                "POST",
                "/v1/chat/completions",
                Optional.empty(),
                "HTTP/1.1",
                "10.0.0.1",
                Optional.of(agent),
                false,
                Optional.empty(),
                Optional.empty()));
        ask.patience()
                .ifPresent(p -> agenda.after(p, () -> {
                    if (call.admitted < 0 && !call.over) {
                        conductor.submit(new Fact.RequestAbandoned(call.id, Stage.QUEUED, Actor.REQUEST));
                        end(call, Outcome.CLIENT_GONE);
                    }
                }));
    }

    private void end(Call call, Outcome outcome) {
        if (call.over) {
            return;
        }
        call.over = true;
        calls.remove(call.id);
        machine.living().forEach(p -> p.serving().remove(call));
        conductor.submit(new Fact.RequestFinished(
                call.id,
                outcome,
                200,
                10,
                outcome == Outcome.OK
                        ? Optional.of(Duration.ofNanos(
                                call.admitted - call.arrived + call.ask.work().toNanos() / 4))
                        : Optional.empty(),
                Duration.ofNanos(agenda.now() - call.arrived),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        call.then.run();
    }

    private void committed(Commit commit) {
        journal.append(commit.time(), commit.monotonicNanos(), commit.fact(), commit.decisions());
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.RequestAdmitted d -> {
                    Call call = calls.get(d.request());
                    call.admitted = agenda.now();
                    machine.find(d.run()).orElseThrow().serving().add(call);
                    int number = numbers.computeIfAbsent(d.run().model(), _ -> numbers.size());
                    sharing.start(number, call.ask.work().toNanos(), () -> end(call, Outcome.OK));
                }
                case Decision.RequestShed d -> {
                    Call call = calls.get(d.request());
                    agenda.at(agenda.now(), () -> end(call, Outcome.SHED));
                }
                case Decision.StartOrdered _, Decision.StopOrdered _, Decision.KillOrdered _ ->
                    machine.carryOut(decision);
                default -> {
                    // nothing to do
                }
            }
        }
    }

    @Override
    public Optional<Policy.Model> settings(ModelId model) {
        return policy.model(model);
    }

    @Override
    public Fate fate(ModelId model, int birth) {
        return new Fate(
                Duration.ofMillis(5),
                false,
                false,
                loads.getOrDefault(model.value(), Duration.ofSeconds(1)),
                Fate.Loading.READY,
                Optional.empty(),
                Duration.ofMillis(50),
                false,
                false,
                Duration.ZERO,
                Duration.ZERO);
    }

    @Override
    public Consumer<Fact> server() {
        return conductor::submit;
    }
}
