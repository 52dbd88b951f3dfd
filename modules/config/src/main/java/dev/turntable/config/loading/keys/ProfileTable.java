package dev.turntable.config.loading.keys;

import dev.turntable.config.Profile;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Pos;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Decodes {@code profiles}: today's mappings with pins (llama-swap §2.10), and the older lists of models that load side by side (§11.1). */
public final class ProfileTable {
    private final SequencedMap<String, Profile> profiles = new TreeMap<>(GoText.BYTE_ORDER);
    private final SequencedMap<String, List<String>> sets = new TreeMap<>(GoText.BYTE_ORDER);
    private final Map<String, Pos> places = new HashMap<>();
    private final Map<String, Conversions> pinTables = new HashMap<>();
    private final Problems problems;

    public ProfileTable(Fields root, Problems problems) {
        this.problems = problems;
        new Conversions(root, "", problems)
                .child("profiles", "map[string]config.ProfileConfig")
                .ifPresent(table -> table.fields().fields().forEach((id, field) -> {
                    places.put(id, field.keyPos());
                    decode(table, id, field.value());
                }));
    }

    private void decode(Conversions table, String id, Node value) {
        switch (value) {
            case Node.Items ignored -> sets.put(id, table.texts(id));
            case Node.Scalar scalar
            when scalar.isNull() -> profiles.put(id, new Profile(id, "", new LinkedHashMap<>()));
            case Node.Scalar ignored -> table.wrong(value, "config.ProfileConfig", "profiles." + id);
            case Fields ignored ->
                table.fit(value, "config.ProfileConfig", "profiles." + id).ifPresent(profile -> {
                    SequencedMap<String, String> pins = new TreeMap<>(GoText.BYTE_ORDER);
                    profile.child("pins", "map[string]string").ifPresent(pinTable -> {
                        pinTables.put(id, pinTable);
                        pinTable.fields()
                                .fields()
                                .keySet()
                                .forEach(pin -> pins.put(pin, pinTable.text(pin).orElse("")));
                    });
                    profiles.put(id, new Profile(id, profile.text("description").orElse(""), pins));
                });
        }
    }

    /** Names, pins and targets; {@code known} says which targets exist. */
    public void check(Predicate<String> known, Predicate<String> isModel) {
        for (Profile profile : profiles.values()) {
            Pos place = places.get(profile.id());
            if (GoText.isBlank(profile.id())) {
                problems.error("profiles: profile names cannot be empty", place, "");
            }
            if (profile.pins().isEmpty()) {
                problems.error(
                        "profiles." + profile.id() + ".pins must contain at least one entry",
                        place,
                        "a pin is name: target");
            }
            profile.pins().forEach((pin, target) -> {
                if (GoText.isBlank(pin)) {
                    problems.error("profiles." + profile.id() + ".pins: pin names cannot be empty", place, "");
                } else if (!target.isEmpty() && !known.test(target)) {
                    problems.error(
                            "profiles." + profile.id() + ".pins." + pin + " references unknown model "
                                    + GoText.quoted(target),
                            pinTables.get(profile.id()).pos(pin),
                            "a target is a model id, an alias, a selector or a peer's model");
                }
            });
        }
        sets.forEach((name, members) -> members.stream()
                .filter(isModel.negate())
                .forEach(member -> problems.warn(
                        "profiles." + name + ": no model is called " + GoText.quoted(member),
                        places.get(name),
                        "it is left out")));
    }

    public Pos place(String id) {
        return places.get(id);
    }

    public SequencedMap<String, Profile> profiles() {
        return profiles;
    }

    public SequencedMap<String, List<String>> sets() {
        return sets;
    }
}
