package dev.turntable.whatif;

import dev.turntable.config.Group;
import dev.turntable.config.loading.LoadOptions.Change;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.whatif.figures.Figures;
import dev.turntable.whatif.figures.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A change that is worth trying.
 *
 * @param title what it does, in words
 * @param ways the same in several ways to write a configuration; the first that this one takes is meant
 */
record Idea(String title, List<List<Setting>> ways) {
    /** Models that are looked at: those that are loaded again and again. */
    private static final int BUSY = 4;

    private static final List<Integer> WAITS = List.of(2, 5, 10, 20, 60, 120);
    private static final List<String> ROUTING = List.of("routing", "router", "settings");

    /** One key, in its parts, and the YAML of its value. */
    record Setting(List<String> key, String value) {
        Change change() {
            return new Change(String.join(".", key), value);
        }
    }

    /** The rules it gives, written in its first way. */
    Rules rules(Recorded recorded, Candidate.Archive archive, Map<String, String> environment) {
        return Candidate.changing(
                        title, ways.getFirst().stream().map(Setting::change).toList(), environment)
                .rules(recorded, archive);
    }

    /** The same in the first way that the recorded configurations take; empty when they take none. */
    Optional<Idea> fitting(Recorded recorded, Candidate.Archive archive, Map<String, String> environment) {
        for (List<Setting> way : ways) {
            Idea one = new Idea(title, List.of(way));
            try {
                one.rules(recorded, archive, environment);
                return Optional.of(one);
            } catch (WhatIfException refused) {
                if (archive.apply(recorded.configurations().getLast().hash()).isEmpty()) {
                    throw refused;
                }
            }
        }
        return Optional.empty();
    }

    /** The lines to paste. */
    String yaml() {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Setting setting : ways.getFirst()) {
            put(tree, setting.key(), setting.value());
        }
        StringBuilder text = new StringBuilder();
        write(tree, "", text);
        return text.toString();
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> tree, List<String> key, String value) {
        if (key.size() == 1) {
            tree.put(key.getFirst(), value);
        } else {
            put(
                    (Map<String, Object>) tree.computeIfAbsent(key.getFirst(), _ -> new LinkedHashMap<>()),
                    key.subList(1, key.size()),
                    value);
        }
    }

    private static void write(Map<?, ?> tree, String indent, StringBuilder text) {
        tree.forEach((key, value) -> {
            text.append(indent).append(quoted(key.toString())).append(':');
            if (value instanceof Map<?, ?> below) {
                text.append('\n');
                write(below, indent + "  ", text);
            } else {
                text.append(' ').append(value).append('\n');
            }
        });
    }

    private static String quoted(String name) {
        return name.matches("[A-Za-z_][\\w.-]*") ? name : "'" + name.replace("'", "''") + "'";
    }

    // What is worth trying

    static List<Idea> all(Recorded recorded, Result base) {
        List<Idea> ideas = new ArrayList<>();
        if (recorded.configurations().isEmpty()) {
            return ideas;
        }
        Policy policy = recorded.configurations().getLast().policy();
        timesToLive(policy, base, ideas);
        sideBySide(policy, base, ideas);
        preload(recorded, base, ideas);
        if (base.all().machine().orElseThrow().evictions() > 0) {
            for (int seconds : WAITS) {
                if (!policy.maxWait().equals(Duration.ofSeconds(seconds))) {
                    ideas.add(one(
                            "let nobody wait longer than " + seconds + " s for his turn (now "
                                    + policy.maxWait().toSeconds() + " s)",
                            List.of(new Setting(List.of("turntable", "maxWait"), seconds + "s"))));
                }
            }
        }
        return ideas;
    }

    private static Idea one(String title, List<Setting> way) {
        return new Idea(title, List.of(way));
    }

    private static void timesToLive(Policy policy, Result base, List<Idea> ideas) {
        List<ModelId> unloaded = new ArrayList<>();
        for (Policy.Model model : policy.models()) {
            long unloads =
                    machine(base, model.id()).map(Figures.Machine::ttlUnloads).orElse(0L);
            if (unloads == 0 || model.ttl().isZero()) {
                continue;
            }
            unloaded.add(model.id());
            ideas.add(one("let " + model.id() + " stay in memory when nobody uses it", List.of(ttl(model.id(), 0))));
            long longer = model.ttl().toSeconds() * 4;
            ideas.add(one("unload " + model.id() + " after " + longer + " s", List.of(ttl(model.id(), longer))));
        }
        if (unloaded.size() > 1) {
            ideas.add(one(
                    "let every model stay in memory when nobody uses it",
                    unloaded.stream().map(m -> ttl(m, 0)).toList()));
        }
    }

    private static Setting ttl(ModelId model, long seconds) {
        return new Setting(List.of("models", model.value(), "ttl"), "" + seconds);
    }

    private static Optional<Figures.Machine> machine(Result base, ModelId model) {
        return Optional.ofNullable(base.models().get(model.value())).flatMap(Figures::machine);
    }

    private static void sideBySide(Policy policy, Result base, List<Idea> ideas) {
        List<ModelId> evicted = policy.models().stream()
                .map(Policy.Model::id)
                .filter(m -> machine(base, m).filter(f -> f.evictions() > 0).isPresent())
                .sorted((a, b) -> Long.compare(
                        machine(base, b).orElseThrow().evictions(),
                        machine(base, a).orElseThrow().evictions()))
                .limit(BUSY)
                .toList();
        for (int i = 0; i < evicted.size(); i++) {
            for (int j = i + 1; j < evicted.size(); j++) {
                ideas.add(together(policy, List.of(evicted.get(i), evicted.get(j))));
            }
        }
        if (evicted.size() > 2) {
            ideas.add(together(policy, evicted));
        }
    }

    private static Idea together(Policy policy, List<ModelId> some) {
        List<ModelId> models = some.stream().sorted().toList();
        String names = models.stream().map(ModelId::value).collect(Collectors.joining(" and "));
        String title = "run " + names + " side by side, if they fit into memory together (the record does not say)";
        List<List<Setting>> ways = new ArrayList<>();
        switch (policy.router()) {
            case Policy.Router.Groups groups -> {
                ways.add(group(groups, List.of(), models));
                ways.add(group(groups, ROUTING, models));
            }
            case Policy.Router.Matrix _ -> {
                String all = models.stream().map(m -> quoted(m.value())).collect(Collectors.joining(" & "));
                ways.add(List.of(new Setting(List.of("matrix", "sets", "together"), "\"" + all + "\"")));
                List<String> deep = new ArrayList<>(ROUTING);
                deep.addAll(List.of("matrix", "sets", "together"));
                ways.add(List.of(new Setting(deep, "\"" + all + "\"")));
            }
        }
        return new Idea(title, ways);
    }

    /** A group of their own; the groups they were in go on without them. */
    private static List<Setting> group(Policy.Router.Groups groups, List<String> under, List<ModelId> models) {
        List<Setting> way = new ArrayList<>();
        for (Policy.Group group : groups.groups()) {
            List<ModelId> rest =
                    group.members().stream().filter(m -> !models.contains(m)).toList();
            if (rest.size() < group.members().size() && !group.id().equals(Group.DEFAULT_ID)) {
                way.add(new Setting(path(under, "groups", group.id(), "members"), list(rest)));
            }
        }
        way.add(new Setting(path(under, "groups", "together", "swap"), "false"));
        way.add(new Setting(path(under, "groups", "together", "members"), list(models)));
        return way;
    }

    private static List<String> path(List<String> under, String... keys) {
        List<String> path = new ArrayList<>(under);
        path.addAll(List.of(keys));
        return path;
    }

    private static String list(List<ModelId> models) {
        return models.stream().map(m -> quoted(m.value())).collect(Collectors.joining(", ", "[", "]"));
    }

    private static void preload(Recorded recorded, Result base, List<Idea> ideas) {
        boolean starts = recorded.happenings().stream().anyMatch(h -> h.fact() instanceof Fact.ServerStarted);
        if (!starts) {
            return;
        }
        base.models().entrySet().stream()
                .sorted((a, b) ->
                        Long.compare(b.getValue().requests(), a.getValue().requests()))
                .limit(2)
                .forEach(e -> ideas.add(one(
                        "load " + e.getKey() + " when the server starts",
                        List.of(new Setting(
                                List.of("hooks", "on_startup", "preload"), list(List.of(new ModelId(e.getKey()))))))));
    }
}
