package dev.turntable.api;

import static dev.turntable.api.Endpoint.keyed;
import static dev.turntable.api.Endpoint.open;
import static dev.turntable.api.Endpoint.shared;
import static io.helidon.http.Method.DELETE;
import static io.helidon.http.Method.GET;
import static io.helidon.http.Method.POST;
import static io.helidon.http.Method.PUT;

import dev.turntable.api.machine.HardwareProbe;
import dev.turntable.config.Config;
import dev.turntable.history.History;
import dev.turntable.journal.Journal;
import dev.turntable.logs.LogStreams;
import dev.turntable.proxy.activity.CaptureStore;
import dev.turntable.proxy.activity.InFlight;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.ui.Page;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The control plane as a whole: names every route, and follows the journal for what it must tell.
 *
 * <p>{@code app} makes one and gives {@link #routes} to the front door; on the way out it calls {@link #close}
 * before the web server stops, so that open streams end properly.
 */
public final class ControlPlane implements AutoCloseable {
    private final Parts parts;
    private final Following following;
    private final List<Route> routes;

    /** Everything the control plane needs of the other rooms. */
    public record Parts(
            ConfigControl config,
            Core core,
            Journal journal,
            LogStreams logs,
            History history,
            InFlight inFlight,
            CaptureStore captures,
            BuildInfo build,
            InstantSource clock,
            ZoneId zone) {
        Supplier<Config> current() {
            return config::current;
        }
    }

    public ControlPlane(Parts parts) {
        this.parts = parts;
        this.following = new Following(parts);
        this.routes = Stream.of(models(), people(), requests(), machine(), record(), configuration())
                .flatMap(List::stream)
                .toList();
    }

    private List<Route> models() {
        ModelListing listing = new ModelListing(parts.current(), parts.core(), parts.clock());
        RunningModels running = new RunningModels(parts.current(), parts.core());
        Unloading unloading = new Unloading(parts.current(), parts.core(), following.runs());
        Loading loading = new Loading(parts.current(), parts.core(), following.runs());
        Holding holding = new Holding(parts.core());
        ModelDetails details = new ModelDetails(parts.history(), parts.logs());
        Profiles profiles = new Profiles(parts.current(), parts.core());
        return List.of(
                shared(GET, "/v1/models", listing::list),
                shared(GET, "/models", listing::list),
                keyed(GET, "/running", running::list),
                keyed(GET, "/unload", unloading::all),
                keyed(POST, "/api/models/unload", unloading::allAsJson),
                keyed(POST, "/api/models/unload/{name...}", unloading::one),
                keyed(POST, "/api/models/load/{name...}", loading::load),
                keyed(GET, "/api/models", details::list),
                keyed(GET, "/api/hold", holding::show),
                keyed(POST, "/api/hold", holding::place),
                keyed(DELETE, "/api/hold", holding::lift),
                keyed(GET, "/api/profiles", profiles::list),
                keyed(PUT, "/api/profiles/active", profiles::activate));
    }

    private List<Route> people() {
        Fixed fixed = new Fixed(parts.build());
        StaticPage page = new StaticPage(Page::file, Page.inlineScripts());
        LogRoutes logs = new LogRoutes(parts.current(), parts.logs(), following.streams(), parts.journal()::head);
        return List.of(
                open(GET, "/", fixed::root),
                open(GET, "/upstream", fixed::upstream),
                open(GET, "/health", fixed::health),
                open(GET, "/wol-health", fixed::health),
                open(GET, "/favicon.ico", page::icon),
                keyed(GET, "/ui/{file...}", page::file),
                keyed(GET, "/api/version", fixed::version),
                keyed(GET, "/api/openapi.json", OpenApi::show),
                keyed(GET, "/logs", logs::history),
                keyed(GET, "/logs/stream", logs::combined),
                keyed(GET, "/logs/stream/{id...}", logs::one),
                keyed(GET, "/api/output", logs::output));
    }

    private List<Route> requests() {
        ActivityRoutes activity = new ActivityRoutes(parts.history(), parts.inFlight(), parts.captures(), parts.zone());
        EventStream events = new EventStream(
                parts.current(),
                following.hub(),
                parts.logs(),
                parts.inFlight(),
                following.streams(),
                following::settle);
        return List.of(
                keyed(POST, "/api/inflight/{id}/cancel", activity::cancel),
                keyed(GET, "/api/events", events::listen),
                keyed(GET, "/api/metrics/activity", activity::page),
                keyed(GET, "/api/metrics/stats", activity::stats),
                keyed(GET, "/api/captures/{id}", activity::capture));
    }

    private List<Route> machine() {
        HardwareRoute hardware = new HardwareRoute(
                parts.build(), () -> HardwareProbe.detect(parts.clock().instant()));
        MetricsRoute numbers = new MetricsRoute(following.performance(), following.meters());
        return List.of(
                keyed(GET, "/api/performance", following.performance()::show),
                keyed(GET, "/api/hardware", hardware::show),
                keyed(GET, "/metrics", numbers::show));
    }

    private List<Route> record() {
        HistoryRoutes history = new HistoryRoutes(parts.history(), parts.journal(), following.streams());
        WhatIfRoutes whatif = new WhatIfRoutes(parts.journal(), parts.config());
        return List.of(
                keyed(POST, "/api/whatif", whatif::ask),
                keyed(DELETE, "/api/whatif", whatif::end),
                keyed(GET, "/api/history", history::page),
                keyed(GET, "/api/history/stream", history::stream),
                keyed(GET, "/api/history/{id}", history::event),
                keyed(GET, "/api/history/{id}/causes", history::causes),
                keyed(GET, "/api/swaps", history::swaps),
                keyed(GET, "/api/swaps/{id}", history::swap),
                keyed(GET, "/api/state", history::state),
                keyed(GET, "/api/why", history::why),
                keyed(GET, "/api/journal", history::status));
    }

    private List<Route> configuration() {
        ConfigRoutes config = new ConfigRoutes(parts.config());
        return List.of(
                keyed(GET, "/api/config", config::show),
                keyed(GET, "/api/config/history", config::history),
                keyed(GET, "/api/config/history/{hash}", config::earlier),
                keyed(POST, "/api/config/reload", config::reload),
                keyed(POST, "/api/config/check", config::check),
                keyed(POST, "/api/config/rollback", config::rollback));
    }

    /** Its lines of the table of routes. */
    public List<Route> routes() {
        return routes;
    }

    /** Ends every open stream, stops following and sampling. The other rooms stay open. */
    @Override
    public void close() {
        following.close();
    }
}
