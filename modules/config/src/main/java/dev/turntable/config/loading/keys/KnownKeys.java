package dev.turntable.config.loading.keys;

import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Every key of the language. Unknown ones are accepted, as llama-swap does, but warned about with the nearest known one. */
public final class KnownKeys {
    /** {@code *} is any name, {@code **} any tree below. */
    private static final List<String> PATHS = List.of(
            "healthCheckTimeout",
            "logRequests",
            "logLevel",
            "logTimeFormat",
            "logToStdout",
            "metricsMaxInMemory",
            "captureBuffer",
            "store.path",
            "ui.activity.session_id",
            "performance.disabled",
            "performance.every",
            "globalTTL",
            "unloadTimeout",
            "startPort",
            "sendLoadingState",
            "includeAliasesInList",
            "apiKeys",
            "macros.*",
            "hooks.on_startup.preload",
            "upstream.ignorePaths",
            "models.*.cmd",
            "models.*.cmdStop",
            "models.*.proxy",
            "models.*.aliases",
            "models.*.env",
            "models.*.checkEndpoint",
            "models.*.ttl",
            "models.*.unloadTimeout",
            "models.*.unlisted",
            "models.*.useModelName",
            "models.*.name",
            "models.*.description",
            "models.*.concurrencyLimit",
            "models.*.filters.stripParams",
            "models.*.filters.strip_params",
            "models.*.filters.setParams.**",
            "models.*.filters.setParamsByID.**",
            "models.*.macros.*",
            "models.*.metadata.**",
            "models.*.sendLoadingState",
            "models.*.timeouts.connect",
            "models.*.timeouts.keepalive",
            "models.*.timeouts.responseHeader",
            "models.*.timeouts.tlsHandshake",
            "models.*.timeouts.expectContinue",
            "models.*.timeouts.idleConn",
            "models.*.compat.ignoreWebsockets",
            "models.*.capabilities.in",
            "models.*.capabilities.out",
            "models.*.capabilities.tools",
            "models.*.capabilities.reranker",
            "models.*.capabilities.context",
            "models.*.healthCheckTimeout",
            "profiles.*.description",
            "profiles.*.pins.*",
            "selectors.*.strategy",
            "selectors.*.targets",
            "selectors.*.settings.spillover",
            "selectors.*.name",
            "selectors.*.description",
            "selectors.*.unlisted",
            "selectors.*.metadata.**",
            "routing.router.use",
            "routing.router.settings.groups.*.swap",
            "routing.router.settings.groups.*.exclusive",
            "routing.router.settings.groups.*.persistent",
            "routing.router.settings.groups.*.members",
            "routing.router.settings.matrix.vars.*",
            "routing.router.settings.matrix.evict_costs.*",
            "routing.router.settings.matrix.sets.*",
            "routing.scheduler.use",
            "routing.scheduler.settings.fifo.priority.*",
            "groups.*.swap",
            "groups.*.exclusive",
            "groups.*.persistent",
            "groups.*.members",
            "matrix.vars.*",
            "matrix.evict_costs.*",
            "matrix.sets.*",
            "peers.*.proxy",
            "peers.*.apiKey",
            "peers.*.models",
            "peers.*.filters.stripParams",
            "peers.*.filters.setParams.**",
            "peers.*.filters.setParamsByID.**",
            "peers.*.timeouts.connect",
            "peers.*.timeouts.keepalive",
            "peers.*.timeouts.responseHeader",
            "peers.*.timeouts.tlsHandshake",
            "peers.*.timeouts.expectContinue",
            "peers.*.timeouts.idleConn",
            "turntable.dataDir",
            "turntable.durability",
            "turntable.maxWait",
            "turntable.backoff.after",
            "turntable.backoff.initial",
            "turntable.backoff.max",
            "turntable.retention.journalAge",
            "turntable.retention.journalSize",
            "turntable.retention.outputAge",
            "turntable.retention.outputSize",
            "turntable.limits.queue",
            "turntable.limits.requestBody",
            "turntable.limits.header",
            "turntable.limits.connections",
            "turntable.limits.subscribers",
            "turntable.cors");

    /** Keys that are read and mean nothing here, with what to know instead. */
    private static final Map<String, String> WITHOUT_EFFECT = Map.of(
            "logRequests", "requests are always logged",
            "store.path", "activity is kept in the journal",
            "models.*.healthCheckTimeout", "the top-level healthCheckTimeout counts for every model",
            "models.*.timeouts.expectContinue", "a body is sent at once",
            "peers.*.timeouts.expectContinue", "a body is sent at once");

    private static final Level ROOT = Level.of(PATHS);

    private KnownKeys() {}

    /** One level of names: fixed ones, or any. */
    private record Level(Map<String, Level> names, boolean free) {
        static Level of(List<String> paths) {
            Map<String, List<String>> tails = new TreeMap<>();
            for (String path : paths) {
                int dot = path.indexOf('.');
                String head = dot < 0 ? path : path.substring(0, dot);
                List<String> tail = tails.computeIfAbsent(head, h -> new ArrayList<>());
                if (dot >= 0) {
                    tail.add(path.substring(dot + 1));
                }
            }
            boolean free = tails.remove("**") != null;
            Map<String, Level> names = new TreeMap<>();
            tails.forEach((head, tail) -> names.put(head, of(tail)));
            return new Level(Map.copyOf(names), free);
        }

        Optional<Level> below(String key) {
            return Optional.ofNullable(names.getOrDefault(key, names.get("*")));
        }
    }

    /** All paths, with {@code *} for names of the user's choice. */
    public static List<String> paths() {
        return PATHS;
    }

    public static boolean isTopLevel(String key) {
        return ROOT.names().containsKey(key);
    }

    /** Whether these keys, one below the other, mean something. */
    public static boolean knows(List<String> keys) {
        Level level = ROOT;
        for (String key : keys) {
            if (level.free()) {
                return true;
            }
            Optional<Level> below = level.below(key);
            if (below.isEmpty()) {
                return false;
            }
            level = below.get();
        }
        return true;
    }

    /** Warns about every unknown key of a file's tree, about those without effect, and about keys that are no text. */
    public static void check(Fields root, Problems problems) {
        check(root, ROOT, "", "", problems);
    }

    /** {@code pattern} is {@code path} with a star for every name of the user's choice. */
    private static void check(Node node, Level level, String path, String pattern, Problems problems) {
        if (node instanceof Items
                || !(node instanceof Fields fields)
                || level.free()
                || level.names().isEmpty()) {
            return;
        }
        boolean named = level.names().containsKey("*");
        fields.fields().forEach((key, field) -> {
            String at = join(path, key);
            Optional<Level> below = level.below(key);
            if (named && !field.textKey()) {
                problems.warn(
                        at + ": the unquoted key is taken as the text " + GoText.quoted(key),
                        field.keyPos(),
                        "put it in quotes");
            }
            if (below.isPresent()) {
                String place = join(pattern, named ? "*" : key);
                Optional.ofNullable(WITHOUT_EFFECT.get(place))
                        .filter(why -> !field.value().isNull())
                        .ifPresent(why -> problems.warn(at + ": it has no effect", field.keyPos(), why));
                check(field.value(), below.get(), at, place, problems);
            } else if (!isHelper(path, key)) {
                String hint = Counterparts.of(pattern, key, level.names().keySet())
                        .map(name -> "did you mean " + name + "?")
                        .orElse("it has no effect");
                problems.warnOfKey("unknown key " + at, field.keyPos(), hint);
            }
        });
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Top-level keys that hold anchors are the customary way to share settings. */
    private static boolean isHelper(String path, String key) {
        return path.isEmpty() && (key.startsWith("x-") || key.startsWith("."));
    }
}
