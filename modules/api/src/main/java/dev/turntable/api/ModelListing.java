package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.config.Capabilities;
import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.Peer;
import dev.turntable.config.Profile;
import dev.turntable.config.Selector;
import dev.turntable.config.Value;
import dev.turntable.event.ProcessState;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code GET /v1/models} and {@code /models}: every name a client may ask for, as llama-swap §3.5 lists them. */
final class ModelListing {
    private static final Set<String> HIDDEN_BY_CAPABILITIES =
            Set.of("architecture", "capabilities", "supported_parameters", "context_length");

    private final Supplier<Config> config;
    private final Core core;
    private final InstantSource clock;

    ModelListing(Supplier<Config> config, Core core, InstantSource clock) {
        this.config = config;
        this.core = core;
        this.clock = clock;
    }

    void list(Call call) {
        long created = clock.instant().getEpochSecond();
        List<Entry> entries = entries(config.get());
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("data");
            for (Entry entry : entries) {
                write(out, entry, created);
            }
            out.writeEndArray();
            out.writeStringField("object", "list");
            out.writeEndObject();
        });
    }

    /** One line of the list, before it is written. */
    private record Entry(
            String id,
            String name,
            String description,
            Capabilities capabilities,
            Map<String, Value> meta,
            boolean loaded,
            Optional<ProcessState> state) {}

    private List<Entry> entries(Config config) {
        Map<String, ProcessState> states = new HashMap<>();
        core.running().forEach(r -> states.put(r.run().model().value(), r.state()));
        List<Entry> entries = new ArrayList<>();
        for (ModelConfig model : config.models().values()) {
            if (!model.unlisted()) {
                models(entries, model, states.getOrDefault(model.id(), ProcessState.STOPPED), config);
            }
        }
        for (Peer peer : config.peers().values()) {
            for (String model : peer.models()) {
                entries.add(peer(peer, model)); // twice when it is written twice, as llama-swap does
            }
        }
        for (Selector selector : config.selectors().values()) {
            if (!selector.unlisted()) {
                entries.add(selector(selector, config, states));
            }
        }
        core.activeProfile().map(config.profiles()::get).ifPresent(profile -> pins(entries, profile, config));
        entries.sort(Comparator.comparing(Entry::id, Bytes.ORDER));
        return entries;
    }

    private static void models(List<Entry> entries, ModelConfig model, ProcessState state, Config config) {
        boolean loaded =
                switch (state) {
                    case STARTING, READY, STOPPING -> true;
                    case STOPPED, SHUTDOWN -> false;
                };
        Map<String, Value> meta = metadata(model.metadata(), model.capabilities());
        Map<String, Value> own = new HashMap<>(meta);
        own.put("type", text("model"));
        if (!model.aliases().isEmpty()) {
            own.put("aliases", texts(model.aliases()));
        }
        entries.add(entry(model.id(), model, own, loaded, state));
        if (!config.includeAliasesInList()) {
            return;
        }
        for (String written : model.aliases()) {
            String alias = Words.trim(written);
            if (!alias.isEmpty()) {
                Map<String, Value> aliased = new HashMap<>(meta);
                aliased.put("type", text("alias"));
                aliased.put("modelID", text(model.id()));
                entries.add(entry(alias, model, aliased, loaded, state));
            }
        }
    }

    private static Entry entry(
            String id, ModelConfig model, Map<String, Value> meta, boolean loaded, ProcessState state) {
        return new Entry(id, model.name(), model.description(), model.capabilities(), meta, loaded, moving(state));
    }

    /** What "loaded" does not say; a client that compares whole answers sees nothing new of a model at rest. */
    private static Optional<ProcessState> moving(ProcessState state) {
        return Optional.of(state).filter(s -> s == ProcessState.STARTING || s == ProcessState.STOPPING);
    }

    private static Entry peer(Peer peer, String model) {
        Map<String, Value> meta = Map.of("type", text("peer"), "peerID", text(peer.id()));
        return new Entry(
                new Peer.Model(peer.id(), model).qualifiedName(),
                peer.id() + ": " + model,
                "",
                Capabilities.NONE,
                meta,
                false,
                Optional.empty());
    }

    private static Entry selector(Selector selector, Config config, Map<String, ProcessState> states) {
        Map<String, Value> meta = new HashMap<>(selector.metadata().asMap());
        meta.put("type", text("selector"));
        meta.put("strategy", text(selector.strategy().word()));
        meta.put("targets", texts(selector.targets()));
        if (selector.strategy() == Selector.Strategy.SPILLOVER) {
            meta.put("spillover", Value.Whole.of(selector.spillover()));
        }
        long looked = selector.strategy() == Selector.Strategy.PIN
                ? 1
                : selector.targets().size();
        boolean loaded = selector.targets().stream().limit(looked).anyMatch(target -> {
            Optional<String> id = config.resolve(target);
            ProcessState state = id.map(states::get).orElse(ProcessState.STOPPED);
            return state == ProcessState.STARTING || state == ProcessState.READY;
        });
        return new Entry(
                selector.id(),
                selector.name(),
                selector.description(),
                Capabilities.NONE,
                meta,
                loaded,
                Optional.empty());
    }

    /** The active profile's pins whose names mean nothing else; a disabled pin is not listed. */
    private static void pins(List<Entry> entries, Profile profile, Config config) {
        profile.pins().forEach((pin, target) -> {
            boolean taken = config.resolve(pin).isPresent()
                    || config.resolvePeer(pin).isPresent()
                    || config.selectors().containsKey(pin);
            if (!target.isEmpty() && !taken) {
                entries.add(new Entry(
                        pin, "", "", Capabilities.NONE, Map.of("type", text("profile")), false, Optional.empty()));
            }
        });
    }

    private static Map<String, Value> metadata(Value.Fields written, Capabilities capabilities) {
        Map<String, Value> meta = new HashMap<>(written.asMap());
        if (!capabilities.isEmpty()) {
            meta.keySet().removeAll(HIDDEN_BY_CAPABILITIES);
        }
        return meta;
    }

    private static void write(JsonGenerator out, Entry entry, long created) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", entry.id());
        out.writeStringField("object", "model");
        out.writeNumberField("created", created);
        out.writeStringField("owned_by", "llama-swap");
        optional(out, "name", Words.trim(entry.name()));
        optional(out, "description", Words.trim(entry.description()));
        CapabilityFields.write(out, entry.capabilities());
        meta(out, entry);
        out.writeObjectFieldStart("status");
        out.writeStringField("value", entry.loaded() ? "loaded" : "unloaded");
        optional(out, "state", entry.state().map(ProcessState::wire).orElse(""));
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void meta(JsonGenerator out, Entry entry) throws IOException {
        out.writeObjectFieldStart("meta");
        out.writeFieldName("llamaswap");
        Json.value(out, new Value.Fields(new LinkedHashMap<>(entry.meta())));
        if (entry.capabilities().context() > 0) {
            out.writeNumberField("n_ctx", entry.capabilities().context());
        }
        out.writeEndObject();
    }

    private static void optional(JsonGenerator out, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }

    private static Value text(String text) {
        return new Value.Text(text);
    }

    private static Value texts(List<String> texts) {
        return new Value.Items(texts.stream().map(ModelListing::text).toList());
    }
}
