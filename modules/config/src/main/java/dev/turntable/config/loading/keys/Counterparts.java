package dev.turntable.config.loading.keys;

import dev.turntable.config.loading.problems.Nearest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds what an unknown key has as its counterpart: a neighbour spelt nearly so, another word for it, a flag, or the same key elsewhere. */
final class Counterparts {
    private static final String GROUP = "routing.router.settings.groups.*";

    /** Where a key stands, and other words that people use for it there: small letters, without dashes. */
    private static final Map<String, Map<String, String>> WORDS = Map.of(
            "",
            words(
                    "the flag -listen: listen address addr bind host port",
                    "the flag -tls-cert-file: tlscertfile tlscert certificate cert tls ssl",
                    "the flag -tls-key-file: tlskeyfile tlskey",
                    "the flag -watch-config: watchconfig watch autoreload",
                    "the flag -config-dir: configdir include includes",
                    "globalTTL: ttl idletimeout keepalive",
                    "healthCheckTimeout: timeout starttimeout startuptimeout loadtimeout readytimeout",
                    "hooks.on_startup.preload: preload autoload warmup",
                    "apiKeys: apikey key keys auth token tokens",
                    "models: model",
                    "groups: group",
                    "macros: vars variables env"),
            "models.*",
            words(
                    "cmd: command exec run args start",
                    "cmdStop: stop stopcmd stopcommand",
                    "proxy: url upstream address endpoint baseurl host",
                    "proxy, or ${PORT} in cmd: port",
                    "checkEndpoint: health healthcheck healthendpoint healthpath checkpath readiness",
                    "ttl: globalttl idletimeout idle keepalive unloadafter timeout",
                    "unloadTimeout: grace graceperiod stoptimeout killtimeout",
                    "env: environment environ envs",
                    "aliases: alias names",
                    "unlisted: hidden hide",
                    "name: title label displayname",
                    "useModelName: modelname upstreamname model",
                    "concurrencyLimit: parallel concurrency maxconcurrency maxrequests limit",
                    "groups.*.members: members group groups",
                    "routing.scheduler.settings.fifo.priority: priority",
                    "hooks.on_startup.preload: preload autoload warmup"),
            GROUP,
            words("members: models model", "persistent: persist pinned keep"),
            "groups.*",
            words("members: models model", "persistent: persist pinned keep"),
            "selectors.*",
            words("targets: models members model", "strategy: type mode use"),
            "profiles.*",
            words("pins: models members targets aliases"),
            "peers.*",
            words(
                    "proxy: url baseurl address endpoint host",
                    "apiKey: key token auth apikeys",
                    "models: model members"));

    private Counterparts() {}

    private static Map<String, String> words(String... lines) {
        Map<String, String> words = new TreeMap<>();
        for (String line : lines) {
            int colon = line.indexOf(": ");
            Arrays.stream(line.substring(colon + 2).split(" "))
                    .forEach(word -> words.put(word, line.substring(0, colon)));
        }
        return words;
    }

    /**
     * What was most likely meant.
     *
     * @param pattern where the key stands, with a star for every name of the user's choice
     * @param siblings the keys known there
     */
    static Optional<String> of(String pattern, String key, Set<String> siblings) {
        String word = key.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
        return siblings.stream()
                .filter(sibling -> sibling.equalsIgnoreCase(word))
                .findFirst()
                .or(() -> Optional.ofNullable(
                        WORDS.getOrDefault(pattern, Map.of()).get(word)))
                .or(() -> Nearest.to(key, siblings))
                .or(() -> elsewhere(word));
    }

    /** The first path that ends in this key. */
    private static Optional<String> elsewhere(String word) {
        return KnownKeys.paths().stream()
                .filter(path -> {
                    String key = path.replaceAll("(\\.\\*+)+$", "");
                    return key.substring(key.lastIndexOf('.') + 1).equalsIgnoreCase(word);
                })
                .findFirst();
    }
}
