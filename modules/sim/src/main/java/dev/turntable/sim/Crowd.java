package dev.turntable.sim;

import dev.turntable.engine.Ticket;
import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.Stage;
import dev.turntable.sim.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The clients: they ask, wait, lose patience, listen to answers and hang up, as the plan says; and with them the data plane. */
final class Crowd {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration WRITE = Duration.ofNanos(100_000);

    private final World world;
    private final List<Caller> callers = new ArrayList<>();
    private final Map<RequestId, Call> open = new TreeMap<>();
    private Duration worstWait = Duration.ZERO;

    Crowd(World world) {
        this.world = world;
        world.plan().clients().forEach(c -> callers.add(new Caller(c)));
    }

    private static final class Caller {
        private final Plan.Client client;
        private int asked;
        private boolean busy;
        private boolean done;

        Caller(Plan.Client client) {
            this.client = client;
        }
    }

    /** One request and its place at the server. */
    final class Call implements Machine.Guest {
        private final Optional<Caller> caller;
        private final Plan.Ask ask;
        private final RequestId id;
        private final long arrived;
        private Optional<Ticket> ticket = Optional.empty();
        private Optional<Machine.Process> process = Optional.empty();
        private boolean answered;
        private boolean over;

        private Call(Optional<Caller> caller, Plan.Ask ask, RequestId id, long arrived) {
            this.caller = caller;
            this.ask = ask;
            this.id = id;
            this.arrived = arrived;
        }

        @Override
        public void cut() {
            world.agenda().after(WRITE, () -> end(this, Outcome.UPSTREAM_DIED, 200));
        }

        RequestId id() {
            return id;
        }

        ModelId model() {
            return ask.model();
        }

        boolean isWaiting() {
            return !answered && !over && ask.route() != Route.PEER && ask.route() != Route.NOWHERE;
        }

        long arrived() {
            return arrived;
        }
    }

    void begin() {
        for (Caller caller : callers) {
            world.agenda().after(caller.client.begins(), () -> next(caller));
        }
    }

    Duration worstWait() {
        return worstWait;
    }

    Collection<Call> open() {
        return open.values();
    }

    /** Nobody asks, and nobody will. */
    boolean isIdle() {
        return open.isEmpty() && callers.stream().allMatch(c -> c.done && !c.busy);
    }

    private void next(Caller caller) {
        if (caller.asked >= caller.client.asks().size()
                || world.agenda().now() > world.plan().horizon().toNanos()) {
            caller.done = true;
            return;
        }
        Plan.Ask ask = caller.client.asks().get(caller.asked++);
        world.agenda().after(ask.think(), () -> come(caller, ask));
    }

    private void come(Caller caller, Plan.Ask ask) {
        if (!caller.client.waits()) {
            next(caller);
        }
        if (world.server().isListening()) {
            caller.busy = caller.client.waits();
            ask(Optional.of(caller), ask);
        } else if (caller.client.waits()) {
            world.agenda().after(RETRY, () -> next(caller));
        }
    }

    /** Asks for the model as a preload does, for nobody in particular. */
    void preload(ModelId model) {
        ask(
                Optional.empty(),
                new Plan.Ask(
                        Duration.ZERO,
                        model,
                        Route.PRELOAD,
                        Optional.empty(),
                        false,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty()));
    }

    private void ask(Optional<Caller> caller, Plan.Ask ask) {
        Call call = new Call(
                caller, ask, world.server().newRequest(), world.agenda().now());
        open.put(call.id, call);
        String name = ask.route() == Route.NOWHERE ? "nobody" : ask.model().value();
        call.ticket = Optional.of(world.server()
                .admit(new Fact.RequestArrived(
                        call.id,
                        new ModelId(name),
                        ask.route(),
                        name,
                        "POST",
                        "/v1/chat/completions",
                        Optional.empty(),
                        "HTTP/1.1",
                        caller.map(c -> c.client.name()).orElse(""),
                        Optional.empty(),
                        ask.streaming(),
                        Optional.empty(),
                        ask.profile())));
        ask.patience().ifPresent(p -> world.agenda().after(p, () -> giveUp(call)));
    }

    private void giveUp(Call call) {
        if (call.isWaiting() && call.ticket.orElseThrow().now().isEmpty()) {
            call.answered = true;
            measure(call);
            world.agenda().after(WRITE, () -> end(call, Outcome.CLIENT_GONE, 0));
            call.ticket.orElseThrow().abandon(Stage.QUEUED, Actor.REQUEST);
        }
    }

    /** The record says that this request has its answer; whoever waits must have heard. */
    void answered(RequestId id) {
        Call call = open.get(id);
        if (call == null || call.answered) {
            return;
        }
        Optional<AdmissionResult> answer = call.ticket.orElseThrow().now();
        if (answer.isEmpty()) {
            world.broken(Breach.Law.WAKE, id + " has its answer on the record, but was not told");
        }
        call.answered = true;
        measure(call);
        switch (answer.orElseThrow()) {
            case AdmissionResult.Granted granted -> forward(call, granted);
            case AdmissionResult.Unscheduled _ -> {
                boolean peer = call.ask.route() == Route.PEER;
                Duration time = peer ? call.ask.work() : WRITE;
                world.agenda().after(time, () -> end(call, peer ? Outcome.OK : Outcome.SHED, peer ? 200 : 404));
            }
            case AdmissionResult.Refused _ -> world.agenda().after(WRITE, () -> end(call, Outcome.SHED, 500));
            case AdmissionResult.Gone _ -> {
                // its end is on its way
            }
        }
    }

    private void measure(Call call) {
        Duration waited = Duration.ofNanos(world.agenda().now() - call.arrived);
        if (waited.compareTo(worstWait) > 0) {
            worstWait = waited;
        }
        world.watch().waited(call, waited);
    }

    private void forward(Call call, AdmissionResult.Granted granted) {
        if (call.caller.isEmpty()) {
            end(call, Outcome.OK, 200);
            return;
        }
        Optional<Machine.Process> process = world.machine().find(granted.run());
        if (process.isEmpty()) {
            world.agenda().after(WRITE, () -> end(call, Outcome.UPSTREAM_ERROR, 502));
            return;
        }
        if (!process.get().isReady()) {
            world.broken(Breach.Law.READY, call.id + " is sent to " + granted.run() + ", which is not ready");
        }
        call.process = process;
        process.get().serving().add(call);
        Optional<Duration> hangUp = call.ask.hangUp().filter(t -> t.compareTo(call.ask.work()) < 0);
        world.agenda()
                .after(
                        hangUp.orElse(call.ask.work()),
                        () -> end(
                                call,
                                hangUp.isPresent() ? Outcome.CLIENT_GONE : Outcome.OK,
                                hangUp.isPresent() ? 0 : 200));
    }

    private void end(Call call, Outcome outcome, int status) {
        if (call.over) {
            return;
        }
        over(call);
        world.server()
                .submit(new Fact.RequestFinished(
                        call.id,
                        outcome,
                        status,
                        outcome == Outcome.OK ? 64 : 0,
                        Optional.empty(),
                        Duration.ofNanos(world.agenda().now() - call.arrived),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private void over(Call call) {
        call.over = true;
        open.remove(call.id);
        call.process.ifPresent(p -> p.serving().remove(call));
        call.caller.filter(c -> c.busy).ifPresent(caller -> {
            caller.busy = false;
            world.agenda().after(WRITE, () -> next(caller));
        });
    }

    /** The server died: every connection is cut. */
    void lost() {
        List.copyOf(open.values()).forEach(this::over);
        world.machine().forgetClients();
    }
}
