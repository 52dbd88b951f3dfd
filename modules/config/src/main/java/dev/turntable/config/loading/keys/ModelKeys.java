package dev.turntable.config.loading.keys;

import dev.turntable.config.Capabilities;
import dev.turntable.config.Filters;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.Timeouts;
import dev.turntable.config.UpstreamUrl;
import dev.turntable.config.Value;
import dev.turntable.config.compat.CommandSplitter;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.compat.GoUrl;
import dev.turntable.config.loading.Fingerprint;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Decodes one model and checks what concerns it alone (llama-swap §2.6). */
final class ModelKeys {
    private static final int DEFAULT_LIMIT = 10;
    private static final int COMFYUI_LIMIT = 50;
    private static final Set<String> MODALITIES = Set.of("text", "audio", "image");

    private final String id;
    private final Conversions model;
    private final Problems problems;
    private final List<String> aliases;
    private final Optional<String> cmd;
    private final Optional<String> cmdStop;
    private final Optional<String> proxy;
    private final List<String> env;
    private final Optional<String> checkEndpoint;
    private final OptionalLong ttl;
    private final OptionalLong unloadTimeout;
    private final boolean unlisted;
    private final Optional<String> useModelName;
    private final String name;
    private final String description;
    private final long limit;
    private final Filters filters;
    private final Value.Fields metadata;
    private final Optional<Boolean> sendLoadingState;
    private final Timeouts timeouts;
    private final boolean ignoreWebsockets;
    private final Capabilities capabilities;
    private UpstreamUrl url = new UpstreamUrl("", Optional.empty());

    ModelKeys(String id, Conversions model) {
        this.id = id;
        this.model = model;
        this.problems = model.problems();
        aliases = new ArrayList<>(model.texts("aliases"));
        capabilities = model.child("capabilities", "config.ModelCapabilities")
                .map(ModelKeys::capabilities)
                .orElse(Capabilities.NONE);
        checkEndpoint = model.text("checkEndpoint");
        cmd = model.text("cmd");
        cmdStop = model.text("cmdStop");
        ignoreWebsockets = model.child("compat", "config.CompatConfig")
                .flatMap(compat -> compat.bool("ignoreWebsockets"))
                .orElse(false);
        limit = model.whole("concurrencyLimit").orElse(0);
        description = model.text("description").orElse("");
        env = model.texts("env");
        filters = FilterKeys.decode(model, true);
        model.whole("healthCheckTimeout");
        metadata = metadata(model);
        name = model.text("name").orElse("");
        proxy = model.text("proxy");
        sendLoadingState = model.bool("sendLoadingState");
        timeouts = TimeoutKeys.decode(model, Timeouts.MODEL_DEFAULTS);
        ttl = model.whole("ttl");
        unlisted = model.bool("unlisted").orElse(false);
        unloadTimeout = model.whole("unloadTimeout");
        useModelName = model.text("useModelName").filter(text -> !text.isEmpty());
    }

    String id() {
        return id;
    }

    Conversions fit() {
        return model;
    }

    /** Written aliases; automatic ones are added here as they are found. */
    List<String> aliases() {
        return aliases;
    }

    Filters filters() {
        return filters;
    }

    private static Capabilities capabilities(Conversions block) {
        return new Capabilities(
                block.texts("in"),
                block.texts("out"),
                block.bool("tools").orElse(false),
                block.bool("reranker").orElse(false),
                block.whole("context").orElse(0));
    }

    static Value.Fields metadata(Conversions owner) {
        return owner.child("metadata", "map[string]interface {}")
                .map(tree -> (Value.Fields) FilterKeys.Finite.value(tree.fields(), tree.path(), owner.problems()))
                .orElse(Value.Fields.EMPTY);
    }

    /** Times and capabilities, the first of llama-swap's checks of a model. */
    void checkNumbers() {
        if (ttl.orElse(0) < -1) {
            problems.error(
                    "model " + id + ": invalid TTL value " + ttl.getAsLong(),
                    model.node("ttl").get(),
                    "-1 is globalTTL, 0 is never");
        }
        if (unloadTimeout.orElse(0) < 0) {
            problems.error(
                    "model " + id + ": invalid unloadTimeout value " + unloadTimeout.getAsLong(),
                    model.node("unloadTimeout").get(),
                    "");
        }
        modalities("in", capabilities.in());
        modalities("out", capabilities.out());
        if (capabilities.context() < 0) {
            problems.error("model " + id + ": capabilities.context: must be >= 0", model.pos("capabilities"), "");
        }
    }

    private void modalities(String key, List<String> given) {
        Node place = model.child("capabilities", "")
                .flatMap(block -> block.node(key))
                .orElse(model.fields());
        for (String modality : given) {
            if (!MODALITIES.contains(modality)) {
                problems.error(
                        "model " + id + ": capabilities." + key + ": invalid modality " + GoText.quoted(modality)
                                + ", must be one of: text, audio, image",
                        place.pos(),
                        "");
            }
        }
    }

    /** What a request for this model would stumble over. */
    void checkCommand() {
        String text = cmd.orElse("");
        if (CommandSplitter.split(text).isEmpty()) {
            problems.warn(
                    "model " + id + ": " + (GoText.isBlank(text) ? "it has no cmd" : "its cmd is only a comment"),
                    model.pos("cmd"),
                    "a request for it ends the models that run, then fails: give it a cmd");
        }
        strayComment("cmd", text);
        strayComment("cmdStop", cmdStop.orElse(""));
    }

    private void strayComment(String key, String text) {
        if (CommandSplitter.hasStrayComment(text)) {
            problems.warn(
                    "model " + id + ": " + key + ": # begins an argument here, not a comment",
                    model.pos(key),
                    "a comment is a line of its own: keep the lines with |, folding with > or without a sign joins them; quote the # if it is meant");
        }
    }

    void checkProxy() {
        switch (GoUrl.parse(proxy.orElse(""))) {
            case GoUrl.Result.Good good -> url = good.url();
            case GoUrl.Result.Bad bad ->
                problems.error(
                        "model " + id + ": invalid proxy URL: " + bad.reason(),
                        model.node("proxy").get(),
                        "an address like http://127.0.0.1:9001");
        }
    }

    ModelConfig config(ServerKeys server, OptionalInt port) {
        boolean comfy = id.equals(ModelConfig.COMFYUI_ID);
        long effectiveLimit = limit <= 0 ? DEFAULT_LIMIT : Math.min(limit, Integer.MAX_VALUE);
        Duration effectiveTtl = ttl.orElse(-1) < 0 ? server.globalTtl() : ServerKeys.seconds(ttl.getAsLong());
        Duration grace =
                unloadTimeout.orElse(0) > 0 ? ServerKeys.seconds(unloadTimeout.getAsLong()) : server.unloadTimeout();
        Optional<String> stop = cmdStop.filter(text -> !GoText.isBlank(text));
        String endpoint = checkEndpoint.orElse("/health");
        return new ModelConfig(
                id,
                name,
                description,
                cmd.orElse(""),
                stop,
                env,
                url,
                port,
                aliases,
                endpoint,
                effectiveTtl,
                grace,
                (int) (comfy ? Math.max(COMFYUI_LIMIT, effectiveLimit) : effectiveLimit),
                useModelName,
                filters,
                metadata,
                sendLoadingState.orElse(server.sendLoadingState()),
                timeouts,
                ignoreWebsockets || comfy,
                capabilities,
                unlisted,
                Fingerprint.of(cmd.orElse(""), stop.orElse(""), url.text(), endpoint, env));
    }
}
