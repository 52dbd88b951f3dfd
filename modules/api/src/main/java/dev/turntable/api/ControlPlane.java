package dev.turntable.api;

import static io.helidon.http.Method.DELETE;
import static io.helidon.http.Method.GET;
import static io.helidon.http.Method.POST;
import static io.helidon.http.Method.PUT;

import dev.turntable.api.machine.HardwareProbe;
import dev.turntable.config.Config;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.history.Activity;
import dev.turntable.history.History;
import dev.turntable.history.HistoryException;
import dev.turntable.journal.Journal;
import dev.turntable.logs.LogStreams;
import dev.turntable.proxy.CaptureStore;
import dev.turntable.proxy.InFlight;
import dev.turntable.proxy.Routes;
import dev.turntable.ui.Page;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;

/**
 * The control plane as a whole: names every route, and follows the journal for what it must tell.
 *
 * <p>{@code app} makes one, gives {@link #routes} to the front door and calls {@link #register}; on the way out it calls {@link #close}
 * before the web server stops, so that open streams end properly.
 */
public final class ControlPlane implements AutoCloseable {
    /** After a reload the page is told of all models again, when the dust has settled (llama-swap §3.8). */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    /** A new listener waits this long at most for the followers to come up to now. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(ControlPlane.class.getName());

    private final Parts parts;
    private final LiveStreams streams;
    private final RunWatch runs;
    private final EventHub hub;
    private final EventSources sources;
    private final Activity.Subscription rows;
    private final Performance performance;
    private final Metrics metrics;
    private final Journal.Follower follower;
    private final Journal.Follower counter;
    private final RouteTable table = new RouteTable();

    /** Everything the control plane needs of the other rooms. */
    public record Parts(
            ConfigControl config,
            Core core,
            Journal journal,
            LogStreams logs,
            History history,
            InFlight inFlight,
            CaptureStore captures,
            MeterRegistry meters,
            BuildInfo build,
            InstantSource clock,
            ZoneId zone) {
        Supplier<Config> current() {
            return config::current;
        }
    }

    public ControlPlane(Parts parts) {
        this.parts = parts;
        this.streams = new LiveStreams(
                () -> parts.config().current().turntable().limits().subscribers());
        // The head first: what happens between the two reads is then seen twice, and never missed.
        long head = parts.journal().head();
        List<Core.Running> running = parts.core().running();
        this.runs = new RunWatch(running, head);
        this.hub = new EventHub(
                parts.current(),
                new Messages(parts.zone()),
                running,
                parts.core().activeProfile());
        this.sources = new EventSources(hub, parts.logs(), parts.inFlight());
        this.rows = parts.history().onRow(this::stored);
        this.performance = new Performance(parts.config().current(), parts.clock(), parts.zone());
        this.metrics = new Metrics(parts.meters(), this::gauges);
        fill();
        this.follower = parts.journal().follow("control-plane", head + 1, this::on);
        this.counter = parts.journal().follow("metrics", head + 1, metrics::on);
    }

    private void fill() {
        models();
        people();
        requests();
        machine();
        record();
        configuration();
    }

    private void models() {
        ModelListing listing = new ModelListing(parts.current(), parts.core(), parts.clock());
        RunningModels running = new RunningModels(parts.current(), parts.core());
        Unloading unloading = new Unloading(parts.current(), parts.core(), runs);
        Loading loading = new Loading(parts.current(), parts.core(), runs);
        Holding holding = new Holding(parts.core());
        Profiles profiles = new Profiles(parts.current(), parts.core());
        table.keyed(GET, "/v1/models", listing::list)
                .keyed(GET, "/models", listing::list)
                .keyed(GET, "/running", running::list)
                .keyed(GET, "/unload", unloading::all)
                .keyed(POST, "/api/models/unload", unloading::allAsJson)
                .keyed(POST, "/api/models/unload/{name...}", unloading::one)
                .keyed(POST, "/api/models/load/{name...}", loading::load)
                .keyed(GET, "/api/hold", holding::show)
                .keyed(POST, "/api/hold", holding::place)
                .keyed(DELETE, "/api/hold", holding::lift)
                .keyed(GET, "/api/profiles", profiles::list)
                .keyed(PUT, "/api/profiles/active", profiles::activate);
    }

    private void people() {
        Fixed fixed = new Fixed(parts.build());
        StaticPage page = new StaticPage(Page::file);
        LogRoutes logs = new LogRoutes(parts.current(), parts.logs(), streams, parts.journal()::head);
        table.open(GET, "/", fixed::root)
                .open(GET, "/upstream", fixed::upstream)
                .open(GET, "/health", fixed::health)
                .open(GET, "/wol-health", fixed::health)
                .open(GET, "/favicon.ico", page::icon)
                .keyed(GET, "/ui/{file...}", page::file)
                .keyed(GET, "/api/version", fixed::version)
                .keyed(GET, "/api/openapi.json", OpenApi::show)
                .keyed(GET, "/logs", logs::history)
                .keyed(GET, "/logs/stream", logs::combined)
                .keyed(GET, "/logs/stream/{id...}", logs::one);
    }

    private void requests() {
        InFlightRoutes inFlight = new InFlightRoutes(parts.inFlight());
        ActivityRoutes activity = new ActivityRoutes(parts.history(), parts.captures(), parts.zone());
        EventStream events =
                new EventStream(parts.current(), hub, parts.logs(), parts.inFlight(), streams, parts.journal()::head);
        table.keyed(POST, "/api/inflight/{id}/cancel", inFlight::cancel)
                .keyed(GET, "/api/events", events::listen)
                .keyed(GET, "/api/metrics/activity", activity::page)
                .keyed(GET, "/api/metrics/stats", activity::stats)
                .keyed(GET, "/api/captures/{id}", activity::capture);
    }

    private void machine() {
        HardwareRoute hardware = new HardwareRoute(
                parts.build(), () -> HardwareProbe.detect(parts.clock().instant()));
        MetricsRoute numbers = new MetricsRoute(performance, parts.meters());
        table.keyed(GET, "/api/performance", performance::show)
                .keyed(GET, "/api/hardware", hardware::show)
                .keyed(GET, "/metrics", numbers::show);
    }

    private void record() {
        HistoryRoutes history = new HistoryRoutes(parts.history(), parts.journal(), streams);
        table.keyed(GET, "/api/history", history::page)
                .keyed(GET, "/api/history/stream", history::stream)
                .keyed(GET, "/api/history/{id}", history::event)
                .keyed(GET, "/api/history/{id}/causes", history::causes)
                .keyed(GET, "/api/swaps", history::swaps)
                .keyed(GET, "/api/swaps/{id}", history::swap)
                .keyed(GET, "/api/state", history::state)
                .keyed(GET, "/api/why", history::why)
                .keyed(GET, "/api/journal", history::status);
    }

    private void configuration() {
        ConfigRoutes config = new ConfigRoutes(parts.config());
        table.keyed(GET, "/api/config", config::show)
                .keyed(GET, "/api/config/history", config::history)
                .keyed(GET, "/api/config/history/{hash}", config::earlier)
                .keyed(POST, "/api/config/reload", config::reload)
                .keyed(POST, "/api/config/rollback", config::rollback);
    }

    /** Every route, for the front door's table; those of llama-swap's contract stand there already and do no harm twice. */
    public List<Routes.Route> routes() {
        return table.asRoutes();
    }

    List<Endpoint> endpoints() {
        return table.all();
    }

    /** Makes Helidon's routing answer the control plane's paths; everything else falls through. */
    public void register(HttpRouting.Builder routing) {
        table.register(routing);
    }

    /**
     * Waits a moment until everything on the record by now has been told, so that a new listener hears of what comes and not of what was.
     * Returns the head it waited for.
     */
    private long settle() throws InterruptedException {
        long head = parts.journal().head();
        runs.awaitSeen(head, FRESH);
        try {
            parts.history().activity();
        } catch (HistoryException stillReading) {
            LOG.log(System.Logger.Level.DEBUG, "a listener comes while the history is being read", stillReading);
        }
        return head;
    }

    private void on(Commit commit) {
        hub.on(commit);
        runs.on(commit); // last: who waits for this commit finds it told
        if (commit.fact() instanceof Fact.ConfigApplied applied
                && !applied.origin().equals("start")) {
            reloaded(commit.seq());
        }
    }

    private void reloaded(long seq) {
        Config now = parts.config().current();
        streams.endOlderThan(seq);
        performance.reloaded(now);
        parts.history().keepRows(now.metricsMaxInMemory());
        Thread.ofVirtual().name("after-reload").start(() -> {
            try {
                Thread.sleep(SETTLED);
                hub.publish(hub.modelStatus());
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void stored(long row) {
        if (hub.anybody()) {
            hub.publish(hub.messages().activity(row));
        }
    }

    private void gauges() {
        Gauges.register(parts, runs, metrics, streams);
    }

    /** Ends every open stream, stops following and sampling. The other rooms stay open. */
    @Override
    public void close() {
        streams.close();
        parts.logs().endReaders();
        parts.history().endStreams();
        sources.close();
        rows.close();
        performance.close();
        follower.close();
        counter.close();
    }
}
