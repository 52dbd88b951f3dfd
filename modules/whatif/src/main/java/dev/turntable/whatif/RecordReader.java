package dev.turntable.whatif;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.fsm.Berth;
import dev.turntable.fsm.Phase;
import dev.turntable.fsm.Yard;
import dev.turntable.history.HistoryException;
import dev.turntable.history.StateAt;
import dev.turntable.journal.Journal;
import dev.turntable.sim.machine.Chance;
import dev.turntable.whatif.figures.Assumption;
import dev.turntable.whatif.figures.Result;
import dev.turntable.whatif.figures.Tally;
import dev.turntable.whatif.traffic.Beside;
import dev.turntable.whatif.traffic.Lives;
import dev.turntable.whatif.traffic.Longs;
import dev.turntable.whatif.traffic.Loops;
import dev.turntable.whatif.traffic.Micros;
import dev.turntable.whatif.traffic.Patience;
import dev.turntable.whatif.traffic.Requests;
import dev.turntable.whatif.traffic.Times;
import dev.turntable.whatif.traffic.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a span of the record, once, from front to back, and keeps of it what a play needs. */
final class RecordReader {
    private static final int LOOK_UP = 4_096;

    private final Journal journal;
    private final Assume assume;
    private final int most;
    private final Watcher watcher;
    private final Requests requests = new Requests();
    private final Loops loops = new Loops(requests);
    private final Who who = new Who();
    private final Numbers<ModelId> models = new Numbers<>();
    private final Numbers<String> profiles = new Numbers<>();
    private final Lives lives = new Lives();
    private final List<Recorded.Happening> happenings = new ArrayList<>();
    private final Map<RequestId, Open> open = new HashMap<>();
    private final Company company = new Company();
    private final List<Assumption> assumptions = new ArrayList<>();
    private long elsewhere;
    private boolean cut;

    RecordReader(Journal journal, Assume assume, int most, Watcher watcher) {
        this.journal = journal;
        this.assume = assume;
        this.most = most;
        this.watcher = watcher;
    }

    private static final class Open {
        private final int r;
        private final int model;
        private final long arrived;
        private long admitted = Requests.UNKNOWN;
        private double same;
        private double all;

        Open(int r, int model, long arrived) {
            this.r = r;
            this.model = model;
            this.arrived = arrived;
        }
    }

    /** Gives things numbers from 0 on. */
    private static final class Numbers<T> {
        private final Map<T, Integer> numbers = new HashMap<>();
        private final List<T> things = new ArrayList<>();

        int of(T thing) {
            Integer known = numbers.putIfAbsent(thing, things.size());
            if (known == null) {
                things.add(thing);
                return things.size() - 1;
            }
            return known;
        }
    }

    /** Integrals over time of how many are served, by model and in all. */
    private static final class Company {
        private final List<double[]> byModel = new ArrayList<>(); // served now, since, integral
        private final double[] all = new double[3];

        private double[] of(int model) {
            while (byModel.size() <= model) {
                byModel.add(new double[3]);
            }
            return byModel.get(model);
        }

        private static double upTo(double[] sum, long now) {
            sum[2] += sum[0] * (now - sum[1]);
            sum[1] = now;
            return sum[2];
        }

        double same(int model, long now) {
            return upTo(of(model), now);
        }

        double all(long now) {
            return upTo(all, now);
        }

        void change(int model, int by, long now) {
            upTo(of(model), now);
            upTo(all, now);
            of(model)[0] += by;
            all[0] += by;
        }
    }

    /** Where to begin: behind commit {@code seq}, with the configuration that was in force. */
    private record Start(long seq, Instant time, Yard yard, Optional<Fact.ConfigApplied> inForce) {}

    /** Throws {@link WhatIfException} when there is nothing in it, or journal's or history's when it cannot be read. */
    Recorded read(Instant from, Instant to, long seed) {
        Start start = start(from);
        long begin = Micros.of(start.time());
        long end = Micros.of(to);
        Tally tally = new Tally(begin, end);
        tally.begin(start.yard());
        long head = journal.head();
        try (Journal.Reader reader = journal.read(start.seq() + 1)) {
            while (reader.hasNext()) {
                Commit commit = reader.next();
                long now = Micros.of(commit.time());
                if (now >= end && tally.unfinished() == 0) {
                    break;
                }
                tally.accept(commit);
                accept(commit, now, now < end);
                if (commit.seq() % LOOK_UP == 0) {
                    watcher.progress(
                            "reading", (double) (commit.seq() - start.seq()) / Math.max(1, head - start.seq()));
                    if (watcher.hasEnough()) {
                        cut = true;
                        break;
                    }
                }
            }
        }
        if (requests.size() == 0) {
            throw new WhatIfException(
                    WhatIfException.Kind.NOTHING,
                    "nobody asked for a model between " + start.time() + " and " + to.minusNanos(1_000)
                            + ": there is nothing to play again");
        }
        return settle(start, begin, end, tally.result("recorded", end), seed);
    }

    /** The state at {@code from}; where what it was folded from is gone, the next start of the server. */
    private Start start(Instant from) {
        long before = Math.max(journal.seqAt(from), journal.earliest()) - 1;
        try {
            Yard yard = before == 0
                    ? Yard.empty()
                    : new StateAt(journal)
                            .after(Math.max(before, journal.earliest()))
                            .yard();
            Instant first = firstTime(before);
            return new Start(before, first.isAfter(from) ? first : from, yard, inForce(before, yard));
        } catch (HistoryException gone) {
            try (Journal.Reader reader = journal.read(before + 1)) {
                while (reader.hasNext()) {
                    Commit commit = reader.next();
                    if (commit.fact() instanceof Fact.ServerStarted) {
                        assumptions.add(Assumption.remark("what was before " + commit.time()
                                + " is not kept; the span begins there, with the start of the server"));
                        return new Start(commit.seq() - 1, commit.time(), Yard.empty(), Optional.empty());
                    }
                }
            }
            throw gone;
        }
    }

    private Optional<Fact.ConfigApplied> inForce(long before, Yard yard) {
        if (yard.phase() == Phase.NEW) {
            return Optional.empty();
        }
        try (Journal.Reader reader = journal.readBackwards(before)) {
            while (reader.hasNext()) {
                if (reader.next().fact() instanceof Fact.ConfigApplied applied) {
                    return Optional.of(applied);
                }
            }
        }
        var unchanged = new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of());
        return Optional.of(new Fact.ConfigApplied("", "start", yard.policy(), unchanged, List.of()));
    }

    private Instant firstTime(long before) {
        try (Journal.Reader reader = journal.read(before + 1)) {
            return reader.hasNext() ? reader.next().time() : journal.headTime();
        }
    }

    // Commits

    private void accept(Commit commit, long now, boolean inside) {
        lives.accept(commit.fact(), now);
        if (commit.fact() instanceof Fact.RequestArrived f && inside) {
            arrived(f, now);
        }
        for (Decision decision : commit.decisions()) {
            lives.accept(decision, now);
            if (decision instanceof Decision.RequestAdmitted d) {
                admitted(d.request(), now);
            }
        }
        switch (commit.fact()) {
            case Fact.RequestAbandoned f -> {
                Open request = open.get(f.request());
                if (request != null && request.admitted < 0) {
                    requests.patienceIs(request.r, now - request.arrived);
                }
            }
            case Fact.RequestFinished f -> finished(f, now);
            case Fact.ServerStarted _,
                    Fact.ServerStopping _,
                    Fact.ServerDrained _,
                    Fact.ServerStopped _,
                    Fact.ConfigApplied _,
                    Fact.LoadAsked _,
                    Fact.UnloadAsked _,
                    Fact.HoldPlaced _,
                    Fact.HoldLifted _,
                    Fact.ProfileActivated _ -> {
                if (inside) {
                    happenings.add(new Recorded.Happening(now, commit.fact()));
                }
            }
            default -> {
                // follows from the rest
            }
        }
    }

    private void arrived(Fact.RequestArrived f, long now) {
        switch (f.route()) {
            case LOCAL -> {
                if (requests.size() == most) {
                    throw new WhatIfException(
                            WhatIfException.Kind.USAGE,
                            "there are more than " + most
                                    + " requests in that span; ask for a shorter one, or turntable whatif");
                }
                int model = models.of(f.model());
                int profile = f.profile().map(profiles::of).orElse(Requests.NOBODY);
                int r = requests.add(now, model, who.number(f), profile);
                loops.arrived(r, now);
                open.put(f.request(), new Open(r, model, now));
            }
            case PRELOAD -> happenings.add(new Recorded.Happening(now, f));
            case PEER, NOWHERE -> elsewhere++;
        }
    }

    private void admitted(RequestId id, long now) {
        Open request = open.get(id);
        if (request == null || request.admitted >= 0) {
            return;
        }
        company.change(request.model, 1, now);
        request.admitted = now;
        request.same = company.same(request.model, now);
        request.all = company.all(now);
        requests.patienceIs(request.r, now - request.arrived);
    }

    private void finished(Fact.RequestFinished f, long now) {
        Open request = open.remove(f.request());
        if (request == null) {
            return;
        }
        int r = request.r;
        if (request.admitted >= 0) {
            company.change(request.model, -1, now);
        } else if (requests.patience(r) == 0) {
            requests.patienceIs(r, now - request.arrived);
        }
        requests.endingIs(r, ending(f.outcome(), request.admitted >= 0));
        loops.ended(r, now);
        if (!requests.isServed(r)) {
            return;
        }
        long service = now - request.admitted;
        requests.serviceIs(r, service);
        requests.bytesIs(r, f.bytes());
        f.firstByte()
                .ifPresent(first -> requests.firstByteIs(
                        r, Math.clamp(first.toNanos() / 1_000 - (request.admitted - request.arrived), 0, service)));
        if (service > 0) {
            double same = (company.same(request.model, now) - request.same) / service;
            double all = (company.all(now) - request.all) / service;
            requests.besideIs(r, Math.max(0, same - 1), Math.max(0, all - same));
        }
    }

    private static byte ending(Outcome outcome, boolean admitted) {
        return switch (outcome) {
            case OK -> Requests.ANSWERED;
            case UPSTREAM_ERROR, TIMEOUT -> admitted ? Requests.ERROR : Requests.UNSERVED;
            case CLIENT_GONE -> admitted ? Requests.HUNG_UP : Requests.GAVE_UP;
            case CANCELLED, UPSTREAM_DIED, LOAD_FAILED, SHED -> Requests.UNSERVED;
        };
    }

    // The end

    private Recorded settle(Start start, long from, long to, Result result, long seed) {
        Chance chance = new Chance(seed);
        Beside beside = beside();
        List<Longs> answers = new ArrayList<>();
        models.things.forEach(_ -> answers.add(new Longs()));
        for (int r = 0; r < requests.size(); r++) {
            if (requests.isServed(r)) {
                double stretch = beside.stretch(requests.model(r), requests.sameBeside(r), requests.othersBeside(r));
                requests.serviceIs(r, Math.round(requests.service(r) / stretch));
                answers.get(requests.model(r)).add(r);
            }
        }
        Loops.Found found = loops.settle();
        assumptions.add(Assumption.remark(
                "clients: %d ask again when they have their answer, %d work in several lanes, %d ask whether or not they have it"
                        .formatted(found.closed(), found.lanes(), found.open())));
        assumptions.add(new Assumption(
                "pause",
                Times.text(assume.pause()),
                "a client who was away for so long comes back at the recorded time, whatever happened before"));
        patience(chance);
        lives.settle(loadsBefore(start.yard()));
        for (ModelId model : models.things) {
            assume.time("load." + model).ifPresent(time -> lives.loadIs(model, time));
        }
        Map<ModelId, Long> left = leftOut(answers);
        remarks(start.yard(), left);
        return new Recorded(
                from,
                to,
                start.yard(),
                start.inForce(),
                requests,
                who,
                models.things,
                profiles.things,
                lives,
                played(),
                answers,
                beside,
                left,
                result.assuming(
                        cut ? List.of(Assumption.remark("ended before the whole span was read")) : List.of(), cut),
                assumptions);
    }

    private Beside beside() {
        if (assume.number("beside").isPresent()
                || assume.number("beside.others").isPresent()) {
            double same = assume.number("beside").orElse(0.0);
            double others = assume.number("beside.others").orElse(0.0);
            assumptions.add(new Assumption(
                    "beside",
                    same + ", others " + others,
                    "answers take so much longer for each other one beside them"));
            return Beside.of(models.things.size(), same, others);
        }
        Beside seen = Beside.of(requests, models.things.size());
        String text = seen.seen()
                ? "answers take so much longer for each other one beside them, as the record shows"
                : "answers take as long as recorded however many are made side by side: the record shows too few of them"
                        + " beside others to say; where they share a GPU that is too good";
        StringBuilder value = new StringBuilder();
        for (int m = 0; m < models.things.size(); m++) {
            if (seen.same()[m] > 0) {
                value.append(String.format(Locale.ROOT, "%s %.2f, ", models.things.get(m), seen.same()[m]));
            }
        }
        value.append(String.format(Locale.ROOT, "others %.2f", seen.others()));
        assumptions.add(new Assumption("beside", seen.isPlain() ? "0" : value.toString(), text));
        return seen;
    }

    private void patience(Chance chance) {
        if (assume.patience().isPresent()) {
            for (int r = 0; r < requests.size(); r++) {
                requests.patienceIs(r, assume.patience().get());
            }
            assumptions.add(new Assumption("patience", assume.values().get("patience"), "as you say"));
            return;
        }
        int leavers = Patience.settle(requests, who.count(), chance.split("patience"));
        assumptions.add(new Assumption(
                "patience",
                leavers == 0 ? "never" : leavers + " of " + who.count() + " clients lose it",
                leavers == 0
                        ? "nobody left while he waited, so nobody does here, however long it takes"
                        : "who left, leaves after the same wait; others as those of the same client who left; a client who"
                                + " never left, never does"));
    }

    private static Map<ModelId, List<Duration>> loadsBefore(Yard yard) {
        Map<ModelId, List<Duration>> loads = new HashMap<>();
        for (Berth berth : yard.berths()) {
            loads.put(berth.model(), berth.loads());
        }
        return loads;
    }

    /** Requests for models of which the record does not say how long they load, or answer. */
    private Map<ModelId, Long> leftOut(List<Longs> answers) {
        Map<ModelId, Long> left = new TreeMap<>();
        for (int m = 0; m < models.things.size(); m++) {
            ModelId model = models.things.get(m);
            boolean answer =
                    answers.get(m).size() > 0 || assume.time("answer." + model).isPresent();
            if (lives.count(model) == 0 || !answer) {
                left.put(model, 0L);
            }
        }
        for (int r = 0; r < requests.size(); r++) {
            left.computeIfPresent(models.things.get(requests.model(r)), (_, n) -> n + 1);
        }
        for (int r = 0; r < requests.size(); r++) {
            if (!requests.isServed(r)) {
                int number = r;
                assume.time("answer." + models.things.get(requests.model(r)))
                        .ifPresent(time -> requests.serviceIs(number, time));
            }
        }
        return left;
    }

    private void remarks(Yard begin, Map<ModelId, Long> left) {
        left.forEach((model, count) -> assumptions.add(new Assumption(
                (lives.count(model) == 0 ? "load." : "answer.") + model,
                "unknown",
                count + " requests for " + model + " are left out of every play: the record shows no "
                        + (lives.count(model) == 0 ? "load" : "answer") + " of it")));
        if (!open.isEmpty()) {
            assumptions.add(Assumption.remark(
                    open.size() + " requests had not ended when the record did; they are in no column"));
        }
        if (elsewhere > 0) {
            assumptions.add(
                    Assumption.remark(elsewhere + " requests for peers or for no model at all are in no column"));
        }
        if (begin.phase() == Phase.SERVING) {
            assumptions.add(Assumption.remark(
                    "each play begins with the models in memory that were there, as far as its policy lets them"));
        }
        assumptions.add(Assumption.remark(
                "memory is not looked at: no footprints are on the record, and no high-water mark can be given"));
    }

    /** Without a stop of the server after which it does not come back: the play goes on until everybody has his answer. */
    private List<Recorded.Happening> played() {
        int last = happenings.size();
        for (int i = happenings.size() - 1; i >= 0 && !(happenings.get(i).fact() instanceof Fact.ServerStarted); i--) {
            if (happenings.get(i).fact() instanceof Fact.ServerStopping) {
                last = i;
            }
        }
        return List.copyOf(happenings.subList(0, last));
    }
}
