package dev.turntable.config.printing;

import dev.turntable.config.Capabilities;
import dev.turntable.config.Config;
import dev.turntable.config.Filters;
import dev.turntable.config.Group;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.PathPattern;
import dev.turntable.config.Routing;
import dev.turntable.config.Secret;
import dev.turntable.config.ServerSettings;
import dev.turntable.config.SetText;
import dev.turntable.config.Timeouts;
import dev.turntable.config.Value;
import dev.turntable.config.compat.GoDuration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** Shows a configuration as it takes effect: macros expanded, defaults filled in, secrets masked; as YAML, as JSON, or in one line a model. */
public final class ConfigPrinter {
    private final Config config;
    private final Tree root;

    private ConfigPrinter(Config config) {
        this.config = config;
        this.root = new Tree(config.redactor());
    }

    /** As YAML that would load again, but for its masks. */
    public static String yaml(Config config) {
        return YamlWriter.write(effective(config));
    }

    /** As JSON, indented. */
    public static String json(Config config) {
        return Json.pretty(effective(config));
    }

    /** As a tree with the keys of the file. */
    public static Value.Fields effective(Config config) {
        ConfigPrinter printer = new ConfigPrinter(config);
        printer.server();
        printer.root.table("models", config.models(), printer::model);
        printer.routing();
        printer.names();
        printer.root.put("turntable", TurntablePrinter.print(config.turntable(), printer.root));
        return printer.root.done();
    }

    private void server() {
        ServerSettings s = config.server();
        root.seconds("healthCheckTimeout", s.healthCheckTimeout())
                .seconds("unloadTimeout", s.unloadTimeout())
                .seconds("globalTTL", s.globalTtl())
                .put("startPort", s.startPort())
                .put("logLevel", s.logLevel().name().toLowerCase(Locale.ROOT))
                .put("logTimeFormat", s.logTimeFormat())
                .put("logToStdout", s.logToStdout().name().toLowerCase(Locale.ROOT))
                .put("metricsMaxInMemory", s.metricsMaxInMemory())
                .put("captureBuffer", s.captureBuffer())
                .put("sendLoadingState", s.sendLoadingState())
                .put("includeAliasesInList", s.includeAliasesInList());
        s.storePath().ifPresent(path -> root.put("store", root.child().put("path", path)));
        root.put("ui", root.child().put("activity", root.child().texts("session_id", s.sessionIdHeaders())))
                .put(
                        "performance",
                        root.child()
                                .put("disabled", s.performance().disabled())
                                .put("every", GoDuration.format(s.performance().every())))
                .put(
                        "upstream",
                        root.child()
                                .texts(
                                        "ignorePaths",
                                        s.ignorePaths().stream()
                                                .map(PathPattern::toString)
                                                .toList()))
                .put("hooks", root.child().put("on_startup", root.child().texts("preload", s.preload())))
                .texts("apiKeys", s.apiKeys().stream().map(Secret::toString).toList());
    }

    private Tree model(ModelConfig m) {
        Tree tree = root.child().put("cmd", m.cmd());
        m.cmdStop().ifPresent(stop -> tree.put("cmdStop", stop));
        tree.put("proxy", m.proxy().text())
                .put("checkEndpoint", m.checkEndpoint())
                .texts("aliases", m.aliases())
                .texts("env", m.env().stream().map(ConfigPrinter::maskedEnv).toList())
                .seconds("ttl", m.ttl())
                .seconds("unloadTimeout", m.unloadTimeout())
                .put("concurrencyLimit", m.concurrencyLimit())
                .put("unlisted", m.unlisted())
                .put("sendLoadingState", m.sendLoadingState())
                .put("useModelName", m.useModelName());
        if (!m.name().isEmpty()) {
            tree.put("name", m.name());
        }
        if (!m.description().isEmpty()) {
            tree.put("description", m.description());
        }
        tree.put("timeouts", timeouts(m.timeouts()))
                .put("compat", root.child().put("ignoreWebsockets", m.ignoreWebsockets()));
        filters(tree, m.filters());
        if (!m.capabilities().isEmpty()) {
            tree.put("capabilities", capabilities(m.capabilities()));
        }
        return tree.values("metadata", m.metadata().fields());
    }

    private static String maskedEnv(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals + 1) + Secret.MASK;
    }

    private Tree timeouts(Timeouts t) {
        return root.child()
                .seconds("connect", t.connect())
                .seconds("keepalive", t.keepalive())
                .seconds("responseHeader", t.responseHeader())
                .seconds("tlsHandshake", t.tlsHandshake())
                .seconds("expectContinue", t.expectContinue())
                .seconds("idleConn", t.idleConn());
    }

    private Tree capabilities(Capabilities c) {
        return root.child()
                .texts("in", c.in())
                .texts("out", c.out())
                .put("tools", c.tools())
                .put("reranker", c.reranker())
                .put("context", c.context());
    }

    private void filters(Tree owner, Filters filters) {
        if (filters.isEmpty()) {
            return;
        }
        Tree tree = root.child();
        if (!filters.stripParams().isEmpty()) {
            tree.put("stripParams", String.join(", ", filters.stripParams()));
        }
        tree.values("setParams", filters.setParams());
        SequencedMap<String, Value> byId = new LinkedHashMap<>();
        filters.setParamsById().forEach((id, params) -> byId.put(id, new Value.Fields(params)));
        owner.put("filters", tree.values("setParamsByID", byId));
    }

    private void routing() {
        Tree router = root.child();
        switch (config.routing()) {
            case Routing.Groups groups -> {
                SequencedMap<String, Group> written = new LinkedHashMap<>();
                groups.groups().stream()
                        .filter(g -> !g.id().equals(Group.DEFAULT_ID))
                        .forEach(g -> written.put(g.id(), g));
                router.put("use", "group").put("settings", root.child().table("groups", written, this::group));
            }
            case Routing.Matrix matrix ->
                router.put("use", "matrix").put("settings", root.child().put("matrix", matrix(matrix)));
        }
        Tree priorities = root.child();
        config.priorities().forEach(priorities::put);
        root.put(
                "routing",
                root.child()
                        .put("router", router)
                        .put(
                                "scheduler",
                                root.child()
                                        .put("use", "fifo")
                                        .put(
                                                "settings",
                                                root.child()
                                                        .put(
                                                                "fifo",
                                                                root.child().put("priority", priorities)))));
    }

    private Tree group(Group group) {
        return root.child()
                .put("swap", group.swap())
                .put("exclusive", group.exclusive())
                .put("persistent", group.persistent())
                .texts("members", group.members());
    }

    private Tree matrix(Routing.Matrix matrix) {
        Tree costs = root.child();
        matrix.evictCosts().forEach(costs::put);
        Tree vars = root.child();
        matrix.vars().forEach(vars::put);
        SetText text = new SetText(matrix.vars());
        Tree sets = root.child();
        matrix.sets().forEach((name, set) -> sets.put(name, text.of(set)));
        return root.child().put("vars", vars).put("evict_costs", costs).put("sets", sets);
    }

    private void names() {
        root.table("peers", config.peers(), peer -> {
            Tree tree = root.child().put("proxy", peer.proxy().text());
            peer.apiKey().ifPresent(key -> tree.put("apiKey", key.toString()));
            filters(tree.texts("models", peer.models()).put("timeouts", timeouts(peer.timeouts())), peer.filters());
            return tree;
        });
        root.table("selectors", config.selectors(), selector -> root.child()
                .put("strategy", selector.strategy().word())
                .texts("targets", selector.targets())
                .put("settings", root.child().put("spillover", selector.spillover()))
                .put("name", selector.name())
                .put("description", selector.description())
                .put("unlisted", selector.unlisted())
                .values("metadata", selector.metadata().fields()));
        SequencedMap<String, Value> profiles = new LinkedHashMap<>();
        config.profiles().forEach((id, profile) -> {
            Tree pins = root.child();
            profile.pins().forEach(pins::put);
            profiles.put(
                    id,
                    root.child()
                            .put("description", profile.description())
                            .put("pins", pins)
                            .done());
        });
        config.modelSets().forEach((id, members) -> profiles.put(id, texts(members)));
        root.values("profiles", profiles);
    }

    private static Value texts(List<String> texts) {
        return new Value.Items(
                texts.stream().map(text -> (Value) new Value.Text(text)).toList());
    }
}
