package dev.turntable.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Names the keys outside {@code models} whose effective value differs. */
final class SettingsDiff {
    private final List<String> changed = new ArrayList<>();

    private SettingsDiff() {}

    static List<String> between(Config before, Config after) {
        SettingsDiff diff = new SettingsDiff();
        diff.tables(before, after);
        diff.server(before.server(), after.server());
        diff.turntable(before.turntable(), after.turntable());
        return diff.changed;
    }

    private void tables(Config before, Config after) {
        check("peers", before.peers(), after.peers());
        check("selectors", before.selectors(), after.selectors());
        check("profiles", List.of(before.profiles(), before.modelSets()), List.of(after.profiles(), after.modelSets()));
        check("routing.router", before.routing(), after.routing());
        check("routing.scheduler", before.priorities(), after.priorities());
    }

    private void server(ServerSettings before, ServerSettings after) {
        check("healthCheckTimeout", before.healthCheckTimeout(), after.healthCheckTimeout());
        check("unloadTimeout", before.unloadTimeout(), after.unloadTimeout());
        check("globalTTL", before.globalTtl(), after.globalTtl());
        check("startPort", before.startPort(), after.startPort());
        check("logRequests", before.logRequests(), after.logRequests());
        check("logLevel", before.logLevel(), after.logLevel());
        check("logTimeFormat", before.logTimeFormat(), after.logTimeFormat());
        check("logToStdout", before.logToStdout(), after.logToStdout());
        check("metricsMaxInMemory", before.metricsMaxInMemory(), after.metricsMaxInMemory());
        check("captureBuffer", before.captureBuffer(), after.captureBuffer());
        check("store.path", before.storePath(), after.storePath());
        check("ui.activity.session_id", before.sessionIdHeaders(), after.sessionIdHeaders());
        check("performance", before.performance(), after.performance());
        check("apiKeys", before.apiKeys(), after.apiKeys());
        check("hooks.on_startup.preload", before.preload(), after.preload());
        check("upstream.ignorePaths", before.ignorePaths(), after.ignorePaths());
        check("sendLoadingState", before.sendLoadingState(), after.sendLoadingState());
        check("includeAliasesInList", before.includeAliasesInList(), after.includeAliasesInList());
    }

    private void turntable(TurntableSettings before, TurntableSettings after) {
        check("turntable.dataDir", before.dataDir(), after.dataDir());
        check("turntable.durability", before.durability(), after.durability());
        check("turntable.maxWait", before.maxWait(), after.maxWait());
        check("turntable.backoff", before.backoff(), after.backoff());
        check("turntable.retention", before.retention(), after.retention());
        check("turntable.limits", before.limits(), after.limits());
    }

    private void check(String key, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            changed.add(key);
        }
    }
}
