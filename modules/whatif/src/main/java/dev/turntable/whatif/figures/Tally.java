package dev.turntable.whatif.figures;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.fsm.OpenRequest;
import dev.turntable.fsm.Run;
import dev.turntable.fsm.Yard;
import dev.turntable.whatif.traffic.Longs;
import dev.turntable.whatif.traffic.Micros;
import dev.turntable.whatif.traffic.Who;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Counts what happens in commits: the one fold that makes the figures of the record and of every play, so that they can be compared.
 *
 * <p>Requests count that arrive in the span and have ended; what is done with models counts within the span. Belongs to one thread.
 */
public final class Tally {
    private static final int ENDINGS = 4;

    private final long from;
    private final long to;
    private final Who who = new Who();
    private final Map<RequestId, Open> open = new HashMap<>();
    private final Map<ModelId, Engine> engines = new TreeMap<>();
    private final List<Engine> byNumber = new ArrayList<>();
    // one entry for each request that has ended
    private final Longs waits = new Longs();
    private final Longs firstBytes = new Longs();
    private final Longs keys = new Longs(); // model << 40 | client << 8 | ending
    private long time;
    private int counted;

    /** Microseconds since 1970; arrivals at {@code to} and later do not count. */
    public Tally(long from, long to) {
        this.from = from;
        this.to = to;
        this.time = from;
    }

    private static final class Open {
        private final long arrived;
        private final Engine engine;
        private final int client;
        private boolean counts;
        private boolean admitted;
        private long waited = -1;

        Open(long arrived, Engine engine, int client, boolean counts) {
            this.arrived = arrived;
            this.engine = engine;
            this.client = client;
            this.counts = counts;
        }
    }

    /** What is known of one model. */
    private static final class Engine {
        private static final long NOT = Long.MIN_VALUE;
        private final ModelId model;
        private final int number;
        private long swaps;
        private long evictions;
        private long ttlUnloads;
        private long loading;
        private long loaded;
        private long idle;
        private int leases;
        private long startingSince = NOT;
        private long readySince = NOT;
        private long idleSince = NOT;

        Engine(ModelId model, int number) {
            this.model = model;
            this.number = number;
        }

        void ready(long now) {
            readySince = now;
            idleSince = leases == 0 ? now : NOT;
        }

        void left(long now) {
            loading += startingSince == NOT ? 0 : now - startingSince;
            loaded += readySince == NOT ? 0 : now - readySince;
            idle += idleSince == NOT ? 0 : now - idleSince;
            startingSince = NOT;
            readySince = NOT;
            idleSince = NOT;
        }

        void leased(long now) {
            leases++;
            idle += idleSince == NOT ? 0 : now - idleSince;
            idleSince = NOT;
        }

        void returned(long now) {
            leases = Math.max(0, leases - 1);
            if (leases == 0 && readySince != NOT) {
                idleSince = now;
            }
        }

        Figures.Machine figures(long now) {
            return new Figures.Machine(
                    swaps,
                    evictions,
                    ttlUnloads,
                    loading + (startingSince == NOT ? 0 : now - startingSince),
                    loaded + (readySince == NOT ? 0 : now - readySince),
                    idle + (idleSince == NOT ? 0 : now - idleSince));
        }
    }

    /** The state when the span begins. */
    public void begin(Yard yard) {
        for (Run run : yard.runs()) {
            Engine engine = engine(run.model());
            engine.leases = run.leases();
            if (run.state() == ProcessState.READY) {
                engine.ready(from);
            } else if (run.state() == ProcessState.STARTING) {
                engine.startingSince = from;
            }
        }
        for (OpenRequest request : yard.requests()) {
            Open known = new Open(from, engine(request.model()), -1, false);
            known.admitted = request.place() instanceof OpenRequest.Place.Leased;
            open.put(request.id(), known);
        }
    }

    /** Requests that count and have not ended. */
    public int unfinished() {
        return counted;
    }

    public void accept(Commit commit) {
        time = Math.max(time, Micros.of(commit.time()));
        fact(commit.fact());
        boolean inside = time < to;
        for (Decision decision : commit.decisions()) {
            decision(decision, inside);
        }
        if (commit.fact() instanceof Fact.RequestFinished f) {
            finished(f);
        }
    }

    private void fact(Fact fact) {
        switch (fact) {
            case Fact.RequestArrived f -> {
                if (f.route() == Route.LOCAL || f.route() == Route.PRELOAD) {
                    boolean counts = f.route() == Route.LOCAL && time < to;
                    counted += counts ? 1 : 0;
                    open.put(f.request(), new Open(time, engine(f.model()), who.number(f), counts));
                }
            }
            case Fact.RequestAbandoned f -> {
                Open request = open.get(f.request());
                if (request != null && request.waited < 0) {
                    request.waited = time - request.arrived;
                }
            }
            case Fact.SpawnFailed f -> engine(f.run()).left(time);
            case Fact.ProcessExited f -> engine(f.run()).left(time);
            case Fact.ProcessLost f -> engine(f.run()).left(time);
            default -> {
                // counted by what is decided of it
            }
        }
    }

    private void decision(Decision decision, boolean inside) {
        switch (decision) {
            case Decision.RequestAdmitted d -> {
                Open request = open.get(d.request());
                if (request != null && !request.admitted) {
                    request.admitted = true;
                    request.waited = time - request.arrived;
                    request.engine.leased(time);
                }
            }
            case Decision.SwapStarted d -> engine(d.run()).swaps += inside ? 1 : 0;
            case Decision.StartOrdered d -> engine(d.run()).startingSince = time;
            case Decision.StopOrdered d -> {
                engine(d.run()).evictions += inside && d.reason() == Reason.EVICTED ? 1 : 0;
                engine(d.run()).ttlUnloads += inside && d.reason() == Reason.TTL ? 1 : 0;
            }
            case Decision.StateChanged d -> {
                Engine engine = engine(d.run());
                if (d.from() == ProcessState.STARTING || d.from() == ProcessState.READY) {
                    engine.left(time);
                }
                if (d.to() == ProcessState.READY) {
                    engine.ready(time);
                }
            }
            default -> {
                // changes nothing that is counted
            }
        }
    }

    private void finished(Fact.RequestFinished f) {
        Open request = open.remove(f.request());
        if (request == null) {
            return;
        }
        if (request.admitted) {
            request.engine.returned(time);
        }
        if (!request.counts) {
            return;
        }
        counted--;
        Ending ending = Ending.of(f.outcome(), f.firstByte().isPresent());
        boolean waited = request.admitted || ending == Ending.GIVEN_UP;
        long wait = request.waited >= 0 ? request.waited : time - request.arrived;
        waits.add(waited ? wait : -1);
        firstBytes.add(f.firstByte().map(d -> d.toNanos() / 1_000).orElse(-1L));
        keys.add((long) request.engine.number << 40 | (long) request.client << 8 | ending.ordinal());
    }

    /** How a request ended, in four words. */
    private enum Ending {
        ANSWERED,
        GIVEN_UP,
        REFUSED,
        FAILED;

        static Ending of(Outcome outcome, boolean begun) {
            return switch (outcome) {
                case OK, UPSTREAM_ERROR -> ANSWERED;
                case CLIENT_GONE, CANCELLED -> begun ? ANSWERED : GIVEN_UP;
                case SHED, LOAD_FAILED, TIMEOUT -> REFUSED;
                case UPSTREAM_DIED -> FAILED;
            };
        }
    }

    private Engine engine(RunId run) {
        return engine(run.model());
    }

    private Engine engine(ModelId model) {
        Engine known = engines.get(model);
        if (known == null) {
            known = new Engine(model, byNumber.size());
            engines.put(model, known);
            byNumber.add(known);
        }
        return known;
    }

    /** The figures up to now, or up to {@code end} if that is later and nothing happened in between. */
    public Result result(String name, long end) {
        long now = Math.max(time, end);
        long[] sums = new long[6];
        SequencedMap<String, Figures> models = parts(
                byNumber.size(),
                key -> (int) (key >>> 40),
                number -> byNumber.get(number).model.value(),
                number -> Optional.of(byNumber.get(number).figures(now)));
        SequencedMap<String, Figures> clients = parts(
                who.count(),
                key -> (int) (key >>> 8),
                number -> who.client(number).name(),
                _ -> Optional.empty());
        for (Engine engine : byNumber) {
            Figures.Machine m = engine.figures(now);
            long[] values = {m.swaps(), m.evictions(), m.ttlUnloads(), m.loading(), m.loaded(), m.idle()};
            Arrays.setAll(sums, i -> sums[i] + values[i]);
        }
        Figures all = parts(
                        1,
                        _ -> 0,
                        _ -> "",
                        _ -> Optional.of(new Figures.Machine(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5])))
                .firstEntry()
                .getValue();
        return new Result(name, all, models, clients, List.of(), false);
    }

    private interface Key {
        int of(long key);
    }

    /** Sorts what was counted by a key, and makes figures of each part. */
    private SequencedMap<String, Figures> parts(
            int count, Key key, IntFunction<String> name, IntFunction<Optional<Figures.Machine>> machine) {
        int[] ends = new int[count + 1];
        for (int i = 0; i < keys.size(); i++) {
            ends[key.of(keys.get(i)) + 1]++;
        }
        for (int k = 0; k < count; k++) {
            ends[k + 1] += ends[k];
        }
        int[] next = Arrays.copyOf(ends, count + 1);
        long[] wait = new long[keys.size()];
        long[] first = new long[keys.size()];
        long[][] endings = new long[count][ENDINGS];
        for (int i = 0; i < keys.size(); i++) {
            int k = key.of(keys.get(i));
            int at = next[k]++;
            wait[at] = waits.get(i);
            first[at] = firstBytes.get(i);
            endings[k][(int) (keys.get(i) & 0xFF)]++;
        }
        var parts = new TreeMap<String, Figures>();
        for (int k = 0; k < count; k++) {
            Optional<Figures.Machine> done = machine.apply(k);
            if (count > 1
                    && ends[k] == ends[k + 1]
                    && done.filter(m -> m.swaps() + m.loaded() > 0).isEmpty()) {
                continue; // somebody of whom nothing is to be said
            }
            long[] firsts = known(first, ends[k], ends[k + 1]);
            parts.put(
                    name.apply(k),
                    new Figures(
                            endings[k][0],
                            endings[k][1],
                            endings[k][2],
                            endings[k][3],
                            Quantiles.of(known(wait, ends[k], ends[k + 1])),
                            firsts.length == 0 ? Optional.empty() : Optional.of(Quantiles.of(firsts)),
                            done));
        }
        return parts;
    }

    /** The numbers from {@code begin} to {@code end} that are not negative, in order. */
    private static long[] known(long[] numbers, int begin, int end) {
        Arrays.sort(numbers, begin, end);
        int first = begin;
        while (first < end && numbers[first] < 0) {
            first++;
        }
        return Arrays.copyOfRange(numbers, first, end);
    }
}
