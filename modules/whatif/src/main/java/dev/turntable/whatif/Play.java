package dev.turntable.whatif;

import dev.turntable.engine.Conductor;
import dev.turntable.engine.ConductorOptions;
import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.Stage;
import dev.turntable.fsm.Phase;
import dev.turntable.fsm.Run;
import dev.turntable.journal.PassingJournal;
import dev.turntable.sim.machine.Agenda;
import dev.turntable.sim.machine.Chance;
import dev.turntable.sim.machine.Fate;
import dev.turntable.sim.machine.Machine;
import dev.turntable.sim.machine.VirtualClock;
import dev.turntable.whatif.figures.Assumption;
import dev.turntable.whatif.figures.Result;
import dev.turntable.whatif.figures.Tally;
import dev.turntable.whatif.traffic.Micros;
import dev.turntable.whatif.traffic.Patience;
import dev.turntable.whatif.traffic.Requests;
import dev.turntable.whatif.traffic.Who;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The span played again: the real Conductor and core under some policy, in virtual time, among the recorded clients and on a machine whose
 * processes live as the recorded ones did. One thread; the same input and seed give the same commits.
 */
final class Play implements Machine.Surroundings {
    private static final int LOOK_UP = 4_096;
    private static final Duration RETRY = Duration.ofMillis(10);
    /** A world that is not done so long after its span never will be. */
    private static final long ENOUGH = Duration.ofDays(30).toNanos();

    private final Recorded recorded;
    private final Requests requests;
    private final Rules rules;
    private final long seed;
    private final Chance chance;
    private final Watcher watcher;
    private final String name;
    private final Agenda agenda = new Agenda();
    private final Machine machine = new Machine(agenda, this);
    private final Sharing sharing;
    private final Conductor conductor;
    private final Map<RequestId, Call> calls = new HashMap<>();
    private final Deque<Integer> held = new ArrayDeque<>(); // asked while no server listened
    private final Arrivals arrivals;
    private final Map<ModelId, Integer> births = new HashMap<>();
    private Optional<Tally> tally = Optional.empty();
    private Policy policy;
    private Optional<Fact.ConfigApplied> inForce = Optional.empty();
    private boolean warm = true;
    private boolean down;
    private List<Run> survivors = List.of();
    private int happening;

    Play(String name, Recorded recorded, Rules rules, long pause, long seed, Watcher watcher) {
        this.name = name;
        this.recorded = recorded;
        this.requests = recorded.requests();
        this.rules = rules;
        this.seed = seed;
        this.chance = new Chance(seed).split("play");
        this.watcher = watcher;
        this.sharing = new Sharing(agenda, recorded.beside(), recorded.models().size());
        this.arrivals = new Arrivals(recorded, pause, new AgendaTime(), this::come);
        this.policy = recorded.begin().policy();
        this.conductor = Conductor.open(
                new PassingJournal(this::committed),
                new VirtualClock(agenda, Micros.at(recorded.from())),
                new ConductorOptions(Integer.MAX_VALUE, 0, _ -> {}));
    }

    private final class AgendaTime implements Arrivals.Time {
        @Override
        public long now() {
            return agenda.now();
        }

        @Override
        public void at(long nanos, Runnable what) {
            agenda.at(nanos, what);
        }
    }

    /** One request and its place at the server. */
    private final class Call implements Machine.Guest {
        private final int r;
        private final RequestId id;
        private final long arrived = agenda.now();
        private Optional<Machine.Process> process = Optional.empty();
        private Optional<Sharing.Job> job = Optional.empty();
        private long admitted = -1;
        private boolean over;

        Call(int r, RequestId id) {
            this.r = r;
            this.id = id;
        }

        @Override
        public void cut() {
            end(this, Outcome.UPSTREAM_DIED, Optional.empty());
        }
    }

    /** Plays it. */
    Result run() {
        begin();
        long to = recorded.nanos(recorded.to());
        int all = requests.size();
        long steps = 0;
        boolean partial = false;
        while ((arrivals.over() < all || agenda.next() <= to) && agenda.next() <= to + ENOUGH && agenda.step()) {
            if (++steps % LOOK_UP == 0) {
                watcher.progress(name, (double) arrivals.over() / all);
                if (watcher.hasEnough()) {
                    partial = true;
                    break;
                }
            }
        }
        Tally counted = tally.orElseThrow();
        List<Assumption> assumptions = new ArrayList<>(recorded.assumptions());
        if (partial) {
            assumptions.addFirst(Assumption.remark("ended before the whole span was played"));
        } else if (arrivals.over() < all) {
            assumptions.addFirst(
                    Assumption.remark(
                            (all - arrivals.over())
                                    + " requests never got an answer in this play: nothing could start for them; they are not counted"));
        }
        return counted.result(name, partial ? recorded.from() : recorded.to()).assuming(assumptions, partial);
    }

    // The beginning

    private void begin() {
        down = recorded.begin().phase() != Phase.SERVING;
        if (!down) {
            Fact.ConfigApplied first = recorded.inForce().orElseThrow();
            conductor.submit(new Fact.ServerStarted("whatif", 1, "boot"));
            apply(first);
            recorded.begin().runs().stream()
                    .filter(run -> run.state() == ProcessState.READY)
                    .sorted(Comparator.comparing(run -> run.use().idleSince()))
                    .forEach(run -> warm(run.model()));
            rules.preload(first).orElse(List.of()).forEach(model -> {
                preload(model);
                settle();
            });
        }
        warm = false;
        Tally fresh = new Tally(recorded.from(), Long.MAX_VALUE);
        fresh.begin(conductor.yard());
        tally = Optional.of(fresh);
        nextHappening();
        arrivals.begin();
    }

    /** Has the model in memory before anything begins, if the policy lets it. */
    private void warm(ModelId model) {
        if (policy.model(model).isPresent()) {
            conductor.submit(new Fact.LoadAsked(model, Actor.RECOVERY));
            settle();
        }
    }

    /** Has everything happen that takes no time. */
    private void settle() {
        while (agenda.next() <= agenda.now()) {
            agenda.step();
        }
    }

    private void apply(Fact.ConfigApplied applied) {
        inForce = Optional.of(applied);
        policy = rules.policy(applied);
        conductor.submit(
                new Fact.ConfigApplied(applied.hash(), applied.origin(), policy, applied.change(), applied.warnings()));
    }

    // Requests

    private void come(int r) {
        if (down) {
            held.add(r);
        } else {
            ask(r);
        }
    }

    private void ask(int r) {
        Who.Client client = recorded.who().client(requests.client(r));
        Optional<String> profile = requests.profile(r) == Requests.NOBODY
                ? Optional.empty()
                : Optional.of(recorded.profiles().get(requests.profile(r)));
        Call call = ask(r, recorded.models().get(requests.model(r)), Route.LOCAL, client, profile);
        long patience = requests.patience(r);
        if (call.admitted < 0 && !call.over && patience != Patience.ENDLESS) {
            agenda.after(time(patience), () -> giveUp(call));
        }
    }

    private Call ask(int r, ModelId model, Route route, Who.Client client, Optional<String> profile) {
        Call call = new Call(r, conductor.newRequest());
        calls.put(call.id, call);
        conductor.admit(new Fact.RequestArrived(
                call.id,
                model,
                route,
                model.value(),
                "POST",
                "/v1/chat/completions",
                Optional.empty(),
                "HTTP/1.1",
                client.address(),
                client.agent(),
                false,
                Optional.empty(),
                profile));
        return call;
    }

    private void giveUp(Call call) {
        if (call.admitted < 0 && !call.over) {
            conductor.submit(new Fact.RequestAbandoned(call.id, Stage.QUEUED, Actor.REQUEST));
            end(call, Outcome.CLIENT_GONE, Optional.empty());
        }
    }

    private void admitted(Call call, RunId run) {
        call.admitted = agenda.now();
        call.process = machine.find(run);
        if (call.process.isEmpty()) {
            agenda.at(agenda.now(), () -> end(call, Outcome.UPSTREAM_ERROR, Optional.empty()));
            return;
        }
        if (call.r == Requests.NOBODY) {
            agenda.at(agenda.now(), () -> end(call, Outcome.OK, Optional.empty()));
            return;
        }
        call.process.get().serving().add(call);
        int like = recorded.like(call.r, seed);
        long service = requests.service(like);
        call.job = Optional.of(
                sharing.start(requests.model(call.r), service * 1_000, () -> answered(call, like, service)));
    }

    private void answered(Call call, int like, long service) {
        Outcome outcome =
                switch (requests.ending(call.r)) {
                    case Requests.ERROR -> Outcome.UPSTREAM_ERROR;
                    case Requests.HUNG_UP -> Outcome.CLIENT_GONE;
                    default -> Outcome.OK;
                };
        long first = requests.firstByte(like);
        long took = (agenda.now() - call.admitted) / 1_000;
        double stretch = service == 0 ? 1 : (double) took / service;
        end(
                call,
                outcome,
                first < 0
                        ? Optional.empty()
                        : Optional.of(time((call.admitted - call.arrived) / 1_000 + Math.round(first * stretch))));
    }

    private void end(Call call, Outcome outcome, Optional<Duration> firstByte) {
        if (call.over) {
            return;
        }
        lost(call);
        conductor.submit(new Fact.RequestFinished(
                call.id,
                outcome,
                outcome == Outcome.OK ? 200 : 0,
                0,
                firstByte,
                Duration.ofNanos(agenda.now() - call.arrived),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        if (call.r != Requests.NOBODY) {
            arrivals.over(call.r);
        }
    }

    /** Nobody waits for it any more. */
    private void lost(Call call) {
        call.over = true;
        calls.remove(call.id);
        call.process.ifPresent(p -> p.serving().remove(call));
        call.job.ifPresent(job -> sharing.stop(requests.model(call.r), job));
    }

    private static Duration time(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }

    // Commits, on their way; whatever follows from them is done when the Conductor has moved on

    private void committed(Commit commit) {
        tally.ifPresent(t -> t.accept(commit));
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.RequestAdmitted d -> call(d.request()).ifPresent(call -> admitted(call, d.run()));
                case Decision.RequestShed d ->
                    call(d.request())
                            .ifPresent(
                                    call -> agenda.at(agenda.now(), () -> end(call, Outcome.SHED, Optional.empty())));
                case Decision.StartOrdered _, Decision.StopOrdered _, Decision.KillOrdered _, Decision.OrphanReaped _ ->
                    machine.carryOut(decision);
                default -> {
                    // no business of the world's
                }
            }
        }
        if (commit.fact() instanceof Fact.RequestFinished finished) {
            // the server's next run ends what its last one left open
            call(finished.request())
                    .ifPresent(call -> agenda.at(agenda.now(), () -> {
                        lost(call);
                        if (call.r != Requests.NOBODY) {
                            arrivals.over(call.r);
                        }
                    }));
        }
    }

    private Optional<Call> call(RequestId id) {
        return Optional.ofNullable(calls.get(id));
    }

    // What else came from outside

    private void nextHappening() {
        if (happening < recorded.happenings().size()) {
            agenda.at(recorded.nanos(recorded.happenings().get(happening).at()), this::happen);
        }
    }

    private void happen() {
        Fact fact = recorded.happenings().get(happening).fact();
        boolean late =
                fact instanceof Fact.ServerStopped && !conductor.yard().runs().isEmpty();
        if (late) {
            agenda.after(RETRY, this::happen);
            return;
        }
        happening++;
        switch (fact) {
            case Fact.ServerStarted _ -> {
                survivors = conductor.yard().runs();
                down = true;
                conductor.submit(fact);
            }
            case Fact.ConfigApplied applied -> {
                apply(applied);
                if (down) {
                    machine.reconcile(survivors);
                    down = false;
                    rules.preload(applied).ifPresent(models -> models.forEach(this::preload));
                    List<Integer> waiting = List.copyOf(held);
                    held.clear();
                    waiting.forEach(this::ask);
                }
            }
            case Fact.ServerStopping _ -> {
                down = true;
                conductor.submit(fact);
            }
            case Fact.RequestArrived preload -> {
                if (inForce.flatMap(rules::preload).isEmpty()) {
                    preload(preload.model());
                }
            }
            case Fact.LoadAsked ask -> {
                if (policy.model(ask.model()).isPresent()) {
                    conductor.submit(fact);
                }
            }
            default -> conductor.submit(fact);
        }
        nextHappening();
    }

    private void preload(ModelId model) {
        if (policy.model(model).isPresent()) {
            ask(Requests.NOBODY, model, Route.PRELOAD, new Who.Client("", Optional.empty()), Optional.empty());
        }
    }

    // Surroundings of the machine

    @Override
    public Optional<Policy.Model> settings(ModelId model) {
        return policy.model(model);
    }

    @Override
    public Fate fate(ModelId model, int birth) {
        if (recorded.lives().count(model) == 0) {
            return still(Duration.ZERO);
        }
        if (warm) {
            Fate like = recorded.lives().fate(model, 1, chance.split(model + " warm"));
            return still(like.stop());
        }
        int number = births.merge(model, 1, Integer::sum);
        return recorded.lives().fate(model, number, chance.split(model + " number " + number));
    }

    /** Is there at once. */
    private static Fate still(Duration stop) {
        return new Fate(
                Duration.ZERO,
                false,
                false,
                Duration.ZERO,
                Fate.Loading.READY,
                Optional.empty(),
                stop,
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
