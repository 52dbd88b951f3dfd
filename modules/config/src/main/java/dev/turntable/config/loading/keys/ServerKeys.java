package dev.turntable.config.loading.keys;

import dev.turntable.config.LogLevel;
import dev.turntable.config.LogToStdout;
import dev.turntable.config.PathPattern;
import dev.turntable.config.Performance;
import dev.turntable.config.Secret;
import dev.turntable.config.ServerSettings;
import dev.turntable.config.compat.GoDuration;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Decodes and checks the top-level keys that are no table of names (llama-swap §2.5). */
public final class ServerKeys {
    /** Grace before a kill when nothing is said; llama-swap has 10 s. */
    public static final long DEFAULT_UNLOAD_SECONDS = 5;

    /** Longer times are as good as never, and cannot overflow anything: 30 years. */
    private static final long MAX_SECONDS = 1_000_000_000L;

    private static final long DEFAULT_HEALTH_SECONDS = 120;
    private static final long LEAST_HEALTH_SECONDS = 15;
    private static final int DEFAULT_START_PORT = 5800;
    private static final int DEFAULT_ROWS = 1000;
    private static final int DEFAULT_CAPTURE_MEGABYTES = 5;
    private static final List<String> LEVELS = List.of("", "debug", "info", "warn", "error");
    private static final List<String> TIME_FORMATS = List.of(
            "",
            "ansic",
            "unixdate",
            "rubydate",
            "rfc822",
            "rfc822z",
            "rfc850",
            "rfc1123",
            "rfc1123z",
            "rfc3339",
            "rfc3339nano",
            "kitchen",
            "stamp",
            "stampmilli",
            "stampmicro",
            "stampnano");
    private static final Duration DEFAULT_EVERY = Duration.ofSeconds(5);
    private static final List<String> DEFAULT_SESSION_HEADERS = List.of("X-Session-ID", "X-Litellm-Session-Id");

    private final Conversions top;
    private final Problems problems;

    private long healthCheckTimeout;
    private Optional<Duration> every = Optional.empty();
    private Optional<Node> everyNode = Optional.empty();
    private boolean performanceDisabled;
    private long globalTtl;
    private long unloadTimeout;
    private boolean logRequests;
    private Optional<String> logLevel = Optional.empty();
    private Optional<String> logTimeFormat = Optional.empty();
    private Optional<String> logToStdout = Optional.empty();
    private long rows;
    private long captureBuffer;
    private Optional<String> storePath = Optional.empty();
    private List<Node> apiKeyNodes = List.of();
    private List<String> apiKeys = List.of();
    private List<String> sessionIds = DEFAULT_SESSION_HEADERS;
    private List<Node> preloadNodes = List.of();
    private List<PathPattern> ignorePaths = List.of();
    private boolean sendLoadingState;
    private boolean includeAliases;

    public ServerKeys(Fields root, Problems problems) {
        this.top = new Conversions(root, "", problems);
        this.problems = problems;
    }

    /** The first port to hand out; checked before anything else is decoded. */
    public int startPort() {
        Optional<Node> node = top.node("startPort");
        long port = top.whole("startPort").orElse(DEFAULT_START_PORT);
        problems.typeErrorsNow();
        if (port < 1) {
            problems.error("startPort must be greater than 1", node.get(), "a port is a number from 1 to 65535");
        }
        return (int) Math.max(1, Math.min(port, 1 << 20));
    }

    public void decode() {
        apiKeyNodes = top.allItems("apiKeys", "[]string");
        apiKeys = apiKeyNodes.stream()
                .map(node -> top.text(node, "apiKeys").orElse(""))
                .toList();
        captureBuffer = top.whole("captureBuffer").orElse(DEFAULT_CAPTURE_MEGABYTES);
        globalTtl = top.whole("globalTTL").orElse(0);
        healthCheckTimeout = top.whole("healthCheckTimeout").orElse(DEFAULT_HEALTH_SECONDS);
        preloadNodes = top.child("hooks", "config.HooksConfig")
                .flatMap(hooks -> hooks.child("on_startup", "config.HookOnStartup"))
                .map(start -> start.items("preload", "[]string"))
                .orElse(List.of());
        includeAliases = top.bool("includeAliasesInList").orElse(false);
        logLevel = top.text("logLevel");
        logRequests = top.bool("logRequests").orElse(false);
        logTimeFormat = top.text("logTimeFormat");
        logToStdout = top.text("logToStdout");
        rows = top.whole("metricsMaxInMemory").orElse(DEFAULT_ROWS);
        top.child("performance", "config.PerformanceConfig").ifPresent(this::performance);
        sendLoadingState = top.bool("sendLoadingState").orElse(false);
        storePath = top.child("store", "config.StoreConfig")
                .map(store -> store.text("path").orElse(""));
        top.child("ui", "config.UIConfig")
                .flatMap(ui -> ui.child("activity", "config.UIActivityConfig"))
                .ifPresent(this::sessionIds);
        unloadTimeout = top.whole("unloadTimeout").orElse(0);
        ignorePaths = top.child("upstream", "config.UpstreamConfig")
                .map(IgnorePaths::compile)
                .orElse(List.of());
    }

    private void performance(Conversions performance) {
        performanceDisabled = performance.bool("disabled").orElse(false);
        everyNode = performance.node("every");
        everyNode.ifPresent(node -> {
            every = node.text().flatMap(GoDuration::parse);
            if (every.isEmpty()) {
                performance.wrong(node, "time.Duration", performance.pathOf("every"));
            }
        });
    }

    private void sessionIds(Conversions activity) {
        if (activity.node("session_id").isEmpty()) {
            return;
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (String text : activity.texts("session_id")) {
            String name = GoText.trim(text);
            if (!name.isEmpty()) {
                names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            }
        }
        sessionIds = List.copyOf(names.values());
    }

    /** The checks before those of models. */
    public void checkBeforeModels() {
        if (every.isPresent() && !every.get().isZero() && every.get().compareTo(DEFAULT_EVERY) < 0) {
            problems.error(
                    "performance: every must be at least 5s, got " + GoDuration.format(every.get()),
                    everyNode.get(),
                    "");
        }
        if (globalTtl < 0) {
            problems.error("globalTTL must be >= 0", top.node("globalTTL").get(), "0 is never");
        }
        if (unloadTimeout < 0) {
            problems.error(
                    "unloadTimeout must be >= 0", top.node("unloadTimeout").get(), "0 is the default");
        }
        storePath.ifPresent(path -> StorePath.mistake(path)
                .ifPresent(text ->
                        problems.error(text, top.pos("store"), "the journal is the store; the key may be left out")));
        if (top.node("healthCheckTimeout").isPresent() && healthCheckTimeout < LEAST_HEALTH_SECONDS) {
            problems.warn(
                    "healthCheckTimeout: " + healthCheckTimeout + " counts as " + LEAST_HEALTH_SECONDS,
                    top.pos("healthCheckTimeout"),
                    "that is the least");
        }
        logLevel.filter(text -> !LEVELS.contains(GoText.trim(text).toLowerCase(Locale.ROOT)))
                .ifPresent(text -> problems.warn(
                        "logLevel: " + GoText.quoted(text) + " counts as info",
                        top.pos("logLevel"),
                        "one of: debug, info, warn, error"));
        logTimeFormat
                .filter(text -> !TIME_FORMATS.contains(GoText.trim(text).toLowerCase(Locale.ROOT)))
                .ifPresent(text -> problems.warn(
                        "logTimeFormat: " + GoText.quoted(text) + " is none: log lines have no time",
                        top.pos("logTimeFormat"),
                        "one of: "
                                + String.join(
                                        ", ",
                                        TIME_FORMATS.stream()
                                                .filter(name -> !name.isEmpty())
                                                .toList())));
        if (logToStdout.isPresent()
                && !List.of("proxy", "upstream", "both", "none").contains(logToStdout.get())) {
            problems.error(
                    "logToStdout must be one of: proxy, upstream, both, none",
                    top.node("logToStdout").get(),
                    "");
        }
    }

    /** The checks of keys; {@code emptied} are those whose environment variable is empty. */
    public void checkApiKeys(List<dev.turntable.config.loading.yaml.Pos> emptied) {
        for (dev.turntable.config.loading.yaml.Pos pos : emptied) {
            problems.error(
                    "empty api key found in apiKeys",
                    pos,
                    "the environment variable is empty; without a key everybody would be let in");
        }
        if (top.fields().get("apiKeys").filter(Node::isNull).isPresent()) {
            problems.warn(
                    "apiKeys: there is none, everybody may ask",
                    top.pos("apiKeys"),
                    "list the keys, or write apiKeys: [] when that is meant");
        }
        for (int i = 0; i < apiKeys.size(); i++) {
            if (apiKeys.get(i).isEmpty()) {
                problems.error(
                        "empty api key found in apiKeys",
                        apiKeyNodes.get(i),
                        "write the key, or remove the entry; apiKeys: [] lets everybody in");
            } else if (apiKeys.get(i).contains(" ")) {
                problems.error("apiKeys[" + i + "]: api key cannot contain spaces", apiKeyNodes.get(i), "");
            }
        }
    }

    public boolean sendLoadingState() {
        return sendLoadingState;
    }

    public Duration globalTtl() {
        return seconds(globalTtl);
    }

    public Duration unloadTimeout() {
        return seconds(unloadTimeout == 0 ? DEFAULT_UNLOAD_SECONDS : unloadTimeout);
    }

    public List<Secret> apiKeys() {
        return apiKeys.stream().map(Secret::new).toList();
    }

    /** The settings; {@code resolve} finds real ids for the preload list. */
    public ServerSettings settings(Function<String, Optional<String>> resolve) {
        return new ServerSettings(
                seconds(Math.max(healthCheckTimeout, LEAST_HEALTH_SECONDS)),
                unloadTimeout(),
                globalTtl(),
                startPort(),
                logRequests,
                LogLevel.of(logLevel.orElse("")),
                GoText.trim(logTimeFormat.orElse("")),
                LogToStdout.valueOf(logToStdout.orElse("proxy").toUpperCase(Locale.ROOT)),
                rows <= 0 ? DEFAULT_ROWS : (int) Math.min(rows, Integer.MAX_VALUE),
                (int) Math.max(0, Math.min(captureBuffer, Integer.MAX_VALUE)),
                storePath,
                sessionIds,
                new Performance(
                        performanceDisabled, every.filter(e -> !e.isZero()).orElse(DEFAULT_EVERY)),
                apiKeys(),
                preload(resolve),
                ignorePaths.isEmpty() ? IgnorePaths.DEFAULT : ignorePaths,
                sendLoadingState,
                includeAliases);
    }

    private List<String> preload(Function<String, Optional<String>> resolve) {
        List<String> ids = new ArrayList<>();
        for (Node node : preloadNodes) {
            String name = GoText.trim(top.text(node, "hooks.on_startup.preload").orElse(""));
            resolve.apply(name).ifPresentOrElse(ids::add, () -> {
                if (!name.isEmpty()) {
                    problems.warn(
                            "hooks.on_startup.preload: no model is called " + GoText.quoted(name),
                            node.pos(),
                            "it is left out");
                }
            });
        }
        return ids;
    }

    public static Duration seconds(long seconds) {
        return Duration.ofSeconds(Math.max(0, Math.min(seconds, MAX_SECONDS)));
    }
}
