package dev.turntable.proxy;

import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.PathPattern;
import dev.turntable.config.Profile;
import dev.turntable.config.Selector;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.proxy.activity.CaptureSink;
import dev.turntable.proxy.activity.InFlight;
import dev.turntable.proxy.admission.Admission;
import dev.turntable.proxy.body.BodyStore;
import dev.turntable.proxy.body.Budget;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.Dialect;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.PercentCodec;
import dev.turntable.proxy.exchange.RequestHead;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.proxy.exchange.RoutePath;
import dev.turntable.proxy.forward.Dispatcher;
import dev.turntable.proxy.forward.Forwarder;
import dev.turntable.proxy.forward.Hops;
import dev.turntable.proxy.forward.InternalRequest;
import dev.turntable.proxy.forward.Plan;
import dev.turntable.proxy.naming.ModelPaths;
import dev.turntable.proxy.naming.Names;
import dev.turntable.proxy.naming.RequestedModel;
import dev.turntable.proxy.naming.Rewrite;
import dev.turntable.proxy.naming.Selectors;
import dev.turntable.proxy.naming.UpstreamBody;
import dev.turntable.upstream.UpstreamPool;
import dev.turntable.upstream.WireException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The data plane: finds the model a request means and has it served. The three kinds of routes differ in where the model stands: in the
 * request ({@link #model}), in the path ({@link #upstream}), or nowhere because it is always the same ({@link #comfyui}).
 */
public final class DataPlane implements AutoCloseable {
    /** Bodies up to here stay in memory (llama-swap §3.3); longer ones go to a temporary file. */
    private static final long BODY_IN_MEMORY = 32L << 20;

    private final Supplier<Config> config;
    private final Supplier<Optional<String>> activeProfile;
    private final Admission admission;
    private final Selectors selectors;
    private final Forwarder forwarder;
    private final Dispatcher server;
    private final BodyStore bodies;
    private final Hops hops = Hops.random();

    /**
     * @param config the configuration in force; read once a request
     * @param activeProfile the profile switched on, if any
     * @param captures where recorded exchanges go
     * @param inFlight the list the web page shows
     * @param bodyFolder for bodies too long for memory; made when first needed
     * @param pool of the connections to models and peers; closed with the plane
     */
    public DataPlane(
            Supplier<Config> config,
            Supplier<Optional<String>> activeProfile,
            Admission admission,
            CaptureSink captures,
            InFlight inFlight,
            Path bodyFolder,
            UpstreamPool pool) {
        this.config = config;
        this.activeProfile = activeProfile;
        this.admission = admission;
        this.selectors = new Selectors(admission);
        this.forwarder = new Forwarder(pool);
        this.server = new Dispatcher(admission, forwarder, captures, inFlight, hops);
        this.bodies = new BodyStore(
                bodyFolder,
                BODY_IN_MEMORY,
                new Budget(Runtime.getRuntime().maxMemory() / 4),
                () -> config.get().turntable().limits().requestBody());
    }

    /** Routes 1 to 20 of llama-swap §3.4. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>();
        ModelPaths.POST.forEach(path -> all.add(new Route("POST", path, true, Route.Plane.DATA, this::model)));
        ModelPaths.GET.forEach(path -> all.add(new Route("GET", path, true, Route.Plane.DATA, this::model)));
        all.add(new Route("", "/upstream/{path...}", true, Route.Plane.DATA, this::upstream));
        all.add(new Route("", "/comfyui", true, Route.Plane.DATA, this::comfyui));
        all.add(new Route("", "/comfyui/{path...}", true, Route.Plane.DATA, this::comfyui));
        return all;
    }

    /**
     * Asks a process for {@code /}, for nobody (llama-swap §5.9). The caller holds the lease.
     *
     * @param atMost when the answer is given up
     * @return its status; empty when there was none in time
     */
    public OptionalInt visit(Admission.Upstream upstream, Duration atMost) throws InterruptedException {
        return new InternalRequest(forwarder, server.retry(upstream, error -> {})).pay(upstream, atMost);
    }

    @Override
    public void close() {
        forwarder.close();
    }

    /** Refuses a request that we have passed on to a peer already. */
    private boolean loops(Exchange exchange) throws IOException {
        boolean loops = hops.passed(exchange.head().headers());
        if (loops) {
            exchange.error(508, "a peer sent the request back: it has passed this server already");
        }
        return loops;
    }

    private Optional<Profile> profile(Config now) {
        return activeProfile.get().map(now.profiles()::get);
    }

    /** Routes 1 to 18 of llama-swap §3.4: the request names its model. */
    void model(Exchange exchange) throws IOException {
        if (loops(exchange)) {
            return;
        }
        Config now = config.get();
        RequestHead head = exchange.head();
        try (RequestBody body = RequestBody.read(bodies, exchange.body())) {
            Optional<RequestedModel> asked = RequestedModel.of(head, body);
            String name = asked.map(a -> Names.pinned(profile(now), a.name())).orElse("");
            if (name.isEmpty()) {
                exchange.error(404, "no model id could be identified");
                return;
            }
            Optional<Selector> selector = Optional.ofNullable(now.selectors().get(name));
            Optional<Selectors.Choice> choice = selector.flatMap(s -> selectors.choose(now, s));
            if (selector.isPresent() && choice.isEmpty()) {
                exchange.error(503, "selector \"" + name + "\" has no available spillover targets");
                return;
            }
            String target = choice.map(Selectors.Choice::target).orElse(name);
            Runnable release = choice.map(Selectors.Choice::release).orElse(() -> {});
            try {
                serve(exchange, now, asked.get(), Names.meaning(now, target), selector, release, body);
            } finally {
                release.run();
            }
        } catch (WireException tooLarge) {
            if (tooLarge.status() != 413 || exchange.status() != 0) {
                throw tooLarge;
            }
            exchange.close();
            exchange.error(413, tooLarge.getMessage());
        }
    }

    private void serve(
            Exchange exchange,
            Config now,
            RequestedModel asked,
            Names.Meaning meaning,
            Optional<Selector> selector,
            Runnable release,
            RequestBody body)
            throws IOException {
        RequestHead head = exchange.head();
        Rewrite rewrite = new Rewrite(head, body, asked);
        Optional<Rewrite.Problem> problem = rewrite.apply(meaning);
        if (problem.isPresent()) {
            exchange.error(problem.get().status(), problem.get().message());
            return;
        }
        String decoded = exchange.path();
        String raw = ModelPaths.stripRaw(head.rawPath(), decoded);
        Set<Plan.Trait> traits = traits(head.method(), decoded);
        if (asked.streaming()) {
            traits.add(Plan.Trait.STREAMING);
            if (Dialect.canWait(decoded)) {
                traits.add(Plan.Trait.TOLD_OF_LOADING);
            }
        }
        server.serve(
                exchange,
                new Plan(
                        now,
                        meaning,
                        new Plan.Asked(asked.name(), selector.map(Selector::id), release),
                        Plan.Address.of(raw, head, rewrite.query()),
                        Optional.of(body),
                        traits));
    }

    private static Set<Plan.Trait> traits(String method, String path) {
        Set<Plan.Trait> traits = EnumSet.noneOf(Plan.Trait.class);
        if (ModelPaths.tracked(method, path)) {
            traits.add(Plan.Trait.TRACKED);
        }
        if (ModelPaths.metered(method, path)) {
            traits.add(Plan.Trait.METERED);
        }
        return traits;
    }

    /** {@code /upstream/<model>/<path>} (llama-swap §3.9). */
    void upstream(Exchange exchange) throws IOException {
        if (loops(exchange)) {
            return;
        }
        Config now = config.get();
        RequestHead head = exchange.head();
        String raw = head.rawPath().substring(head.rawPath().indexOf('/', 1) + 1);
        Optional<Names.InPath> found = Names.inPath(now, profile(now), raw);
        if (found.isEmpty()) {
            exchange.error(404, "model not found");
            return;
        }
        Names.Meaning meaning = found.get().meaning();
        String rest = found.get().rest();
        if (rest.isEmpty()) {
            toSlash(exchange, "/upstream/" + PercentCodec.encodeName(meaning.name()) + "/");
            return;
        }
        String decoded = RoutePath.decode(rest);
        if (meaning instanceof Names.Meaning.Local local && ignored(now, local.model(), decoded)) {
            exchange.error(409, "model " + local.model().id() + " is not loaded; path matches upstream.ignorePaths");
            return;
        }
        Set<Plan.Trait> traits = traits(head.method(), decoded);
        boolean captured = traits.contains(Plan.Trait.METERED) && now.captureBuffer() > 0;
        try (UpstreamBody body = UpstreamBody.of(exchange, meaning, bodies, captured)) {
            server.serve(
                    exchange,
                    new Plan(
                            now,
                            meaning,
                            Plan.Asked.plainly(meaning.name()),
                            Plan.Address.of(rest, head),
                            body.read(),
                            traits));
        }
    }

    private boolean ignored(Config now, ModelConfig model, String path) {
        for (PathPattern pattern : now.ignorePaths()) {
            if (pattern.isFoundIn(path)) {
                return admission.state(new ModelId(model.id())) != ProcessState.READY;
            }
        }
        return false;
    }

    private static void toSlash(Exchange exchange, String path) throws IOException {
        RequestHead head = exchange.head();
        boolean reads = head.method().equals("GET") || head.method().equals("HEAD");
        exchange.redirect(reads ? 301 : 308, path + (head.hasQuery() ? "?" + head.rawQuery() : ""));
    }

    /** {@code /comfyui/<path>} (llama-swap §3.10). */
    void comfyui(Exchange exchange) throws IOException {
        if (loops(exchange)) {
            return;
        }
        Config now = config.get();
        RequestHead head = exchange.head();
        int slash = head.rawPath().indexOf('/', 1);
        if (slash < 0) {
            toSlash(exchange, "/comfyui/");
            return;
        }
        ModelConfig model = now.models().get(ModelConfig.COMFYUI_ID);
        if (model == null) {
            exchange.error(404, "local model comfyui_auto not found");
            return;
        }
        String rest = head.rawPath().substring(slash);
        if (!rest.equals("/") && admission.state(new ModelId(model.id())) != ProcessState.READY) {
            exchange.error(409, "model comfyui_auto is not loaded; only /comfyui/ can start it");
            return;
        }
        server.serve(
                exchange,
                new Plan(
                        now,
                        new Names.Meaning.Local(model, model.id(), Optional.empty()),
                        Plan.Asked.plainly(model.id()),
                        Plan.Address.of(rest, head),
                        Optional.empty(),
                        Set.of()));
    }
}
