package dev.turntable.proxy.forward;

import dev.turntable.config.ModelConfig;
import dev.turntable.config.Peer;
import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Stage;
import dev.turntable.proxy.activity.CaptureSink;
import dev.turntable.proxy.activity.InFlight;
import dev.turntable.proxy.admission.Admission;
import dev.turntable.proxy.body.Budget;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.Recorded;
import dev.turntable.proxy.exchange.RequestHead;
import dev.turntable.proxy.metering.Meter;
import dev.turntable.proxy.metering.Metering;
import dev.turntable.proxy.metering.Result;
import dev.turntable.proxy.naming.Names;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Carries a plan out: puts the request on the record, waits for its lease, forwards, and says how it ended. */
public final class Dispatcher {
    private static final Duration LONG = Duration.ofHours(1);

    /** How long the rest of an answer is passed on after its process has ended. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    /** How long the first connection to a process that may not listen yet is tried again. */
    private static final Duration LATE_LISTENER = Duration.ofSeconds(10);

    private final Admission admission;
    private final Forwarder forwarder;
    private final CaptureSink captures;
    private final InFlight inFlight;
    private final Budget kept = new Budget(Runtime.getRuntime().maxMemory() / 8);
    /** Runs that have taken a connection; the newest of each model. */
    private final Map<ModelId, RunId> listening = new ConcurrentHashMap<>();

    private final Hops hops;

    public Dispatcher(Admission admission, Forwarder forwarder, CaptureSink captures, InFlight inFlight, Hops hops) {
        this.hops = hops;
        this.admission = admission;
        this.forwarder = forwarder;
        this.captures = captures;
        this.inFlight = inFlight;
    }

    public void serve(Exchange exchange, Plan plan) throws IOException {
        if (plan.meaning() instanceof Names.Meaning.Local local
                && local.model().ignoreWebsockets()
                && HeaderRules.webSocket(exchange.head().headers())) {
            plan.asked().release().run();
            ignoredSocket(exchange, plan, local.model());
            return;
        }
        Call call = new Call(exchange);
        RequestId id = admission.newRequest();
        exchange.numbered(id);
        Optional<InFlight.Tracked> tracked = track(id, exchange, plan, call);
        Metering meter = new Metering(id, exchange, subject(plan), captures, tracked, kept);
        exchange.recorded();
        try {
            serve(call, plan, admission.ask(arrived(id, exchange, plan)), meter);
        } finally {
            over(call, tracked);
            meter.close();
        }
    }

    /** From here on the request is on the record, and so is its end. */
    private void serve(Call call, Plan plan, Admission.Pending pending, Metering meter) {
        Result result = Result.of(Outcome.SHED, 0);
        try {
            result = answer(call, plan, pending, meter);
        } catch (IOException lost) {
            call.endIfInterrupted();
            call.end(Call.Ended.CLIENT_GONE, Actor.REQUEST);
            call.exchange().cut();
            boolean cancelled = call.ended() == Call.Ended.CANCELLED;
            result = Result.of(
                    cancelled ? Outcome.CANCELLED : Outcome.CLIENT_GONE,
                    call.exchange().status());
        } finally {
            over(call, meter.tracked());
            admission.finish(meter.finished(call.firstByte(), explained(call, pending, result)));
        }
    }

    private static void over(Call call, Optional<InFlight.Tracked> tracked) {
        call.unwatch();
        tracked.ifPresent(InFlight.Tracked::end);
    }

    /** What was cut because its model was told to end, or we were, is nobody's fault: it is cancelled, and says why. */
    private static Result explained(Call call, Admission.Pending pending, Result result) {
        Optional<String> why = pending.stopped()
                .map(Dispatcher::cause)
                .or(() -> call.isEndedByStop() ? Optional.of(cause(Reason.SHUTDOWN)) : Optional.empty());
        boolean cut =
                switch (result.outcome()) {
                    case CANCELLED, UPSTREAM_DIED -> true;
                    case OK -> result.status() == 101; // nobody can tell the end of a tunnel from its death
                    case UPSTREAM_ERROR, CLIENT_GONE, LOAD_FAILED, SHED, TIMEOUT -> false;
                };
        return cut ? why.map(result::cancelled).orElse(result) : result;
    }

    private static Result cancelled(Admission.Pending pending, Result result) {
        return pending.stopped().map(Dispatcher::cause).map(result::cancelled).orElse(result);
    }

    private static String cause(Reason stopped) {
        return stopped == Reason.SHUTDOWN ? "stopping" : stopped.wire();
    }

    // On the record

    private static Metering.Subject subject(Plan plan) {
        return new Metering.Subject(
                plan.to().shown(), plan.has(Plan.Trait.METERED), plan.config().captureBuffer(), plan.body());
    }

    private Optional<InFlight.Tracked> track(RequestId id, Exchange exchange, Plan plan, Call call) {
        if (!plan.has(Plan.Trait.TRACKED)) {
            return Optional.empty();
        }
        InFlight.Entry entry = new InFlight.Entry(
                id.number(),
                Instant.now(),
                model(plan.meaning()).value(),
                exchange.path().startsWith("/upstream/") ? plan.to().shown() : exchange.path(),
                exchange.head().method(),
                exchange.shownHeaders(),
                exchange.client(),
                Collections.emptySortedMap(),
                0,
                Duration.ZERO);
        return Optional.of(
                inFlight.begin(entry, () -> call.end(Call.Ended.CANCELLED, Actor.OPERATOR), exchange.startNanos()));
    }

    private static ModelId model(Names.Meaning meaning) {
        return new ModelId(
                switch (meaning) {
                    case Names.Meaning.Local local -> local.model().id();
                    case Names.Meaning.AtPeer peer -> peer.name();
                    case Names.Meaning.Nowhere nowhere -> Recorded.NAME.cut(nowhere.name());
                });
    }

    private static Fact.RequestArrived arrived(RequestId id, Exchange exchange, Plan plan) {
        RequestHead head = exchange.head();
        Route route =
                switch (plan.meaning()) {
                    case Names.Meaning.Local local -> Route.LOCAL;
                    case Names.Meaning.AtPeer peer -> Route.PEER;
                    case Names.Meaning.Nowhere nowhere -> Route.NOWHERE;
                };
        Optional<String> profile =
                plan.meaning() instanceof Names.Meaning.Local local ? local.profile() : Optional.empty();
        return new Fact.RequestArrived(
                id,
                model(plan.meaning()),
                route,
                Recorded.NAME.cut(plan.asked().name()),
                Recorded.TERM.cut(head.method()),
                Recorded.LINE.cut(exchange.path()),
                plan.has(Plan.Trait.METERED)
                        ? Optional.of(Recorded.LINE.cut(plan.to().shown()))
                        : Optional.empty(),
                head.protocol(),
                Recorded.TERM.cut(exchange.client()),
                head.headers()
                        .first("User-Agent")
                        .filter(agent -> !agent.isEmpty())
                        .map(Recorded.LINE::cut),
                plan.has(Plan.Trait.STREAMING),
                plan.asked().selector(),
                profile);
    }

    // Waiting

    private Result answer(Call call, Plan plan, Admission.Pending pending, Metering meter) throws IOException {
        return switch (plan.meaning()) {
            case Names.Meaning.Nowhere nowhere -> Refusals.refuse(call, meter, Outcome.SHED, 404, nowhere.message());
            case Names.Meaning.AtPeer peer -> peer(call, plan, peer, meter);
            case Names.Meaning.Local local -> local(call, plan, local, pending, meter);
        };
    }

    private Result local(Call call, Plan plan, Names.Meaning.Local local, Admission.Pending pending, Metering meter)
            throws IOException {
        Optional<AdmissionResult> now = pending.now();
        boolean begun = false;
        if (now.isEmpty()) {
            call.waits(pending);
            call.watch();
            if (plan.has(Plan.Trait.TOLD_OF_LOADING) && local.model().sendLoadingState()) {
                begun = true;
                now = new LoadingStream(
                                call.exchange(),
                                pending,
                                plan.asked().name(),
                                local.model().id(),
                                usualLoad(local))
                        .run();
            } else {
                now = await(pending);
            }
        }
        return switch (now.orElseThrow()) {
            case AdmissionResult.Granted granted -> {
                Optional<Admission.Upstream> upstream = admission.upstream(granted.run());
                if (upstream.isEmpty()) {
                    yield Refusals.gone(call, meter, local.model().id(), begun);
                }
                call.granted();
                pending.whenGone(() -> breakOffSoon(call));
                yield forward(call, plan, upstream.get(), pending, meter, begun);
            }
            case AdmissionResult.Refused refused -> Refusals.refused(call, meter, refused, begun);
            case AdmissionResult.Gone gone ->
                Refusals.gone(call, meter, local.model().id(), begun);
            case AdmissionResult.Unscheduled unscheduled ->
                Refusals.refuse(call, meter, Outcome.SHED, 404, "no local server found for requested model");
        };
    }

    private Optional<Duration> usualLoad(Names.Meaning.Local local) {
        return admission.usualLoad(new ModelId(local.model().id()));
    }

    private static Optional<AdmissionResult> await(Admission.Pending pending) throws IOException {
        try {
            Optional<AdmissionResult> answer = Optional.empty();
            while (answer.isEmpty()) {
                answer = pending.await(LONG);
            }
            return answer;
        } catch (InterruptedException stopping) {
            pending.abandon(Stage.QUEUED, Actor.SHUTDOWN);
            Thread.currentThread().interrupt();
            return Optional.of(
                    new AdmissionResult.Refused(ShedReason.SHUTTING_DOWN, "group is shutting down", Optional.empty()));
        }
    }

    // Forwarding

    private Result forward(
            Call call, Plan plan, Admission.Upstream upstream, Admission.Pending pending, Metering meter, boolean begun)
            throws IOException {
        ModelConfig settings = upstream.settings();
        Optional<URI> base = settings.proxy().uri();
        if (base.isEmpty()) {
            return Refusals.refuse(
                    call, meter, Outcome.UPSTREAM_ERROR, 502, "upstream error: the proxy address is empty");
        }
        Outgoing out = Outgoing.to(
                call.exchange(), plan, upstream.run(), base.get(), settings.timeouts(), Optional.empty(), hops);
        Forwarder.Retry retry =
                retry(upstream, error -> admission.retried(new Fact.RequestRetried(meter.request(), error)));
        try {
            Result result = forwarder.forward(call, out, retry, meter, begun);
            listening.put(upstream.run().model(), upstream.run());
            return result;
        } catch (Forwarder.Failed failed) {
            call.endIfInterrupted();
            Result result = Refusals.failed(call, meter, failed, "upstream error: " + failed.getMessage(), true, begun);
            return failed.timedOut() || result.outcome() == Outcome.CLIENT_GONE ? result : cancelled(pending, result);
        }
    }

    /** What a process that was told to end has still sent is read for a moment; a client that does not read must not keep its request open. */
    private static void breakOffSoon(Call call) {
        Thread.ofVirtual().name("break-off").start(() -> {
            try {
                Thread.sleep(LAST_WORDS);
                call.breakOff(Actor.OPERATOR);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A process whose readiness nobody asks for may not listen yet when its first requests come. */
    public Forwarder.Retry retry(Admission.Upstream upstream, Consumer<String> told) {
        RunId run = upstream.run();
        boolean maybeLate = upstream.settings().readyAtOnce() && !run.equals(listening.get(run.model()));
        return new Forwarder.Retry(() -> alive(run), maybeLate ? LATE_LISTENER : Duration.ZERO, told);
    }

    private boolean alive(RunId run) {
        return admission
                .readyRun(run.model())
                .filter(ready -> ready.run().equals(run))
                .isPresent();
    }

    private Result peer(Call call, Plan plan, Names.Meaning.AtPeer meaning, Metering meter) throws IOException {
        Peer peer = meaning.peer();
        Optional<URI> base = peer.proxy().uri();
        if (base.isEmpty()) {
            return Refusals.refuse(call, meter, Outcome.UPSTREAM_ERROR, 502, "peer proxy error: the address is empty");
        }
        call.granted();
        Outgoing out = Outgoing.to(
                call.exchange(), plan, "peer " + peer.id(), base.get(), peer.timeouts(), Optional.of(peer), hops);
        var retry = new Forwarder.Retry(
                () -> true, Duration.ZERO, error -> admission.retried(new Fact.RequestRetried(meter.request(), error)));
        try {
            return forwarder.forward(call, out, retry, meter, false);
        } catch (Forwarder.Failed failed) {
            call.endIfInterrupted();
            return Refusals.failed(call, meter, failed, "peer proxy error: " + failed.getMessage(), false, false);
        }
    }

    /** A WebSocket that must not count: passed to a ready process without a lease, or refused (llama-swap §6.6). */
    private void ignoredSocket(Exchange exchange, Plan plan, ModelConfig model) throws IOException {
        Optional<Admission.Upstream> run = admission.readyRun(new ModelId(model.id()));
        if (run.isEmpty()) {
            exchange.error(409, "model " + model.id() + " is not loaded; ignored websocket requests cannot start it");
            return;
        }
        Call call = new Call(exchange);
        call.granted();
        ModelConfig settings = run.get().settings();
        Optional<URI> base = settings.proxy().uri();
        if (base.isEmpty()) {
            exchange.error(502, "upstream error: the proxy address is empty");
            return;
        }
        Outgoing out =
                Outgoing.to(exchange, plan, run.get().run(), base.get(), settings.timeouts(), Optional.empty(), hops);
        Forwarder.Retry retry = retry(run.get(), error -> {});
        try {
            forwarder.forward(call, out, retry, Meter.NONE, false);
        } catch (Forwarder.Failed failed) {
            exchange.error(502, "upstream error: " + failed.getMessage());
        } finally {
            call.unwatch();
        }
    }
}
