package dev.turntable.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What differs between two configurations, by name only: no value, hence no secret.
 *
 * @param changed models whose running process would be stale
 * @param retuned models whose settings changed in ways that apply while they run
 * @param settings other keys that changed, as paths
 */
public record ConfigDiff(
        List<String> added,
        List<String> removed,
        List<String> changed,
        List<String> retuned,
        List<String> unchanged,
        List<String> settings) {
    public ConfigDiff {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
        retuned = List.copyOf(retuned);
        unchanged = List.copyOf(unchanged);
        settings = List.copyOf(settings);
    }

    /** True when nothing at all differs. */
    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty() && retuned.isEmpty() && settings.isEmpty();
    }

    public static ConfigDiff between(Config before, Config after) {
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        List<String> retuned = new ArrayList<>();
        List<String> unchanged = new ArrayList<>();
        for (ModelConfig model : after.models().values()) {
            ModelConfig old = before.models().get(model.id());
            (old == null
                            ? added
                            : !old.fingerprint().equals(model.fingerprint())
                                    ? changed
                                    : !old.equals(model) ? retuned : unchanged)
                    .add(model.id());
        }
        before.models().keySet().stream()
                .filter(id -> !after.models().containsKey(id))
                .forEach(removed::add);
        return new ConfigDiff(added, removed, changed, retuned, unchanged, SettingsDiff.between(before, after));
    }
}
