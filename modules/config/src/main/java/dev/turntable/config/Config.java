package dev.turntable.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The whole effective configuration: what every other room asks.
 *
 * @param models sorted by the bytes of their id
 * @param aliases every other name of a model (written or automatic) to its real id; an entry equal to a model id has no effect
 * @param peers sorted by id
 * @param selectors sorted by id
 * @param profiles mapping form: renamings that can be switched on, sorted by id
 * @param modelSets list form, of older releases: name to the models that are loaded side by side, asked for as {@code name:model}
 * @param priorities real model id to scheduler priority; 0 for every model that is not named
 * @param hash SHA-256 of the file, in lower-case hex; of several files, over their names and hashes
 * @param redactor takes this configuration's secrets out of any text
 */
public record Config(
        SequencedMap<String, ModelConfig> models,
        Map<String, String> aliases,
        SequencedMap<String, Peer> peers,
        SequencedMap<String, Selector> selectors,
        SequencedMap<String, Profile> profiles,
        SequencedMap<String, List<String>> modelSets,
        Routing routing,
        Map<String, Integer> priorities,
        ServerSettings server,
        TurntableSettings turntable,
        String hash,
        Redactor redactor,
        List<ConfigWarning> warnings) {
    public Config {
        models = Tables.copy(models);
        aliases = Map.copyOf(aliases);
        peers = Tables.copy(peers);
        selectors = Tables.copy(selectors);
        profiles = Tables.copy(profiles);
        modelSets = Tables.copy(modelSets);
        priorities = Map.copyOf(priorities);
        warnings = List.copyOf(warnings);
    }

    /** The real id for a model id or alias; ids win over aliases, upper and lower case differ. */
    public Optional<String> resolve(String name) {
        return models.containsKey(name) ? Optional.of(name) : Optional.ofNullable(aliases.get(name));
    }

    /** The model for a model id or alias. */
    public Optional<ModelConfig> model(String name) {
        return resolve(name).map(models::get);
    }

    /** The peer model for {@code peer/model}, or for a bare name that exactly one peer lists; the full name wins (llama-swap §2.12). */
    public Optional<Peer.Model> resolvePeer(String name) {
        return Tables.peerModel(peers.values(), name);
    }

    public int priority(String model) {
        return priorities.getOrDefault(model, 0);
    }

    public Duration healthCheckTimeout() {
        return server.healthCheckTimeout();
    }

    public Duration unloadTimeout() {
        return server.unloadTimeout();
    }

    public int startPort() {
        return server.startPort();
    }

    public LogLevel logLevel() {
        return server.logLevel();
    }

    public String logTimeFormat() {
        return server.logTimeFormat();
    }

    public LogToStdout logToStdout() {
        return server.logToStdout();
    }

    public int metricsMaxInMemory() {
        return server.metricsMaxInMemory();
    }

    public int captureBuffer() {
        return server.captureBuffer();
    }

    public Optional<String> storePath() {
        return server.storePath();
    }

    public List<String> sessionIdHeaders() {
        return server.sessionIdHeaders();
    }

    public Performance performance() {
        return server.performance();
    }

    public List<Secret> apiKeys() {
        return server.apiKeys();
    }

    public List<String> preload() {
        return server.preload();
    }

    public List<PathPattern> ignorePaths() {
        return server.ignorePaths();
    }

    public boolean sendLoadingState() {
        return server.sendLoadingState();
    }

    public boolean includeAliasesInList() {
        return server.includeAliasesInList();
    }
}
