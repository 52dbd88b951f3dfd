package dev.turntable.config.loading.keys;

import dev.turntable.config.ModelConfig;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Pos;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Decodes all models and checks their names against each other (llama-swap §2.6, §2.7, §2.13). */
public final class ModelTable {
    private final SequencedMap<String, ModelKeys> models = new TreeMap<>(GoText.BYTE_ORDER);
    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final Problems problems;

    public ModelTable(Fields root, Problems problems) {
        this.problems = problems;
        new Conversions(root, "", problems)
                .child("models", "map[string]config.ModelConfig")
                .ifPresent(table -> table.fields().fields().forEach((id, field) -> {
                    if (!field.value().isNull()) {
                        table.fit(field.value(), "config.ModelConfig", "models." + id)
                                .ifPresent(model -> models.put(id, new ModelKeys(id, model)));
                    }
                }));
    }

    /** The checks in llama-swap's order: aliases of all models, then each model. */
    public void check() {
        models.values().forEach(this::checkAliases);
        for (ModelKeys model : models.values()) {
            model.checkNumbers();
            model.checkCommand();
            automaticAliases(model);
            checkReachable(model.id(), model.fit().fields().pos());
            model.aliases()
                    .forEach(alias -> checkReachable(alias, model.fit().fields().pos()));
            model.checkProxy();
        }
    }

    private void checkAliases(ModelKeys model) {
        Pos place = model.fit().pos("aliases");
        for (String alias : model.aliases()) {
            if (aliases.putIfAbsent(alias, model.id()) != null) {
                problems.error(
                        "duplicate alias " + alias + " found in model: " + model.id(),
                        place,
                        "a name belongs to one model");
            } else if (models.containsKey(alias)) {
                problems.warn(
                        "alias " + GoText.quoted(alias) + " of model " + model.id() + " is a model id",
                        place,
                        "the id wins, the alias has no effect");
            }
        }
    }

    /** Clients resolve dots in a path before they ask, so that such a name would lead to another page. */
    private void checkReachable(String name, Pos place) {
        if (Arrays.stream(name.split("/", -1)).anyMatch(segment -> segment.equals(".") || segment.equals(".."))) {
            problems.error(
                    "model name " + GoText.quoted(name) + " cannot stand in a path",
                    place,
                    "a name that has no part . or .. between its slashes");
        }
    }

    private void automaticAliases(ModelKeys model) {
        for (String key : model.filters().setParamsById().keySet()) {
            if (key.equals(model.id())) {
                continue;
            }
            Pos place = model.fit()
                    .child("filters", "")
                    .map(filters -> filters.pos("setParamsByID"))
                    .orElse(model.fit().fields().pos());
            String where = "model " + model.id() + " filters.setParamsByID: key '" + key + "'";
            if (models.containsKey(key)) {
                problems.error(where + " conflicts with an existing model ID", place, "");
                continue;
            }
            String owner = aliases.putIfAbsent(key, model.id());
            if (owner == null) {
                model.aliases().add(key);
            } else if (!owner.equals(model.id())) {
                problems.error(
                        "duplicate alias '" + key + "' in model " + model.id()
                                + " filters.setParamsByID, already used by model " + owner,
                        place,
                        "");
            }
        }
    }

    public boolean has(String id) {
        return models.containsKey(id);
    }

    public SequencedMap<String, ModelKeys> models() {
        return models;
    }

    public Map<String, String> aliases() {
        return aliases;
    }

    public Optional<String> resolve(String name) {
        return models.containsKey(name) ? Optional.of(name) : Optional.ofNullable(aliases.get(name));
    }

    public SequencedMap<String, ModelConfig> configs(ServerKeys server, Map<String, Integer> ports) {
        SequencedMap<String, ModelConfig> configs = new LinkedHashMap<>();
        models.forEach((id, keys) -> {
            Integer port = ports.get(id);
            configs.put(id, keys.config(server, port == null ? OptionalInt.empty() : OptionalInt.of(port)));
        });
        return configs;
    }
}
