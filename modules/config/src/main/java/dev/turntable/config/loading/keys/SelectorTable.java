package dev.turntable.config.loading.keys;

import dev.turntable.config.Group;
import dev.turntable.config.Routing;
import dev.turntable.config.Selector;
import dev.turntable.config.SetCover;
import dev.turntable.config.Value;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Pos;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** Decodes {@code selectors} and checks what they point at (llama-swap §2.11). */
public final class SelectorTable {
    private final SequencedMap<String, Raw> raw = new TreeMap<>(GoText.BYTE_ORDER);
    private final Map<String, Pos> places = new HashMap<>();
    private final Problems problems;

    /** One selector as written. */
    private record Raw(
            Optional<String> strategy,
            List<String> targets,
            Pos targetsPlace,
            long spillover,
            String name,
            String description,
            boolean unlisted,
            Value.Fields metadata) {}

    public SelectorTable(Fields root, Problems problems) {
        this.problems = problems;
        new Conversions(root, "", problems)
                .child("selectors", "map[string]config.SelectorConfig")
                .ifPresent(table -> table.fields().fields().forEach((id, field) -> {
                    places.put(id, field.keyPos());
                    Node value =
                            field.value().isNull() ? new Fields(field.keyPos(), new LinkedHashMap<>()) : field.value();
                    table.fit(value, "config.SelectorConfig", "selectors." + id)
                            .ifPresent(selector -> raw.put(id, decode(selector)));
                }));
    }

    private static Raw decode(Conversions selector) {
        return new Raw(
                selector.text("strategy").filter(text -> !text.isEmpty()),
                selector.texts("targets"),
                selector.pos("targets"),
                selector.child("settings", "config.SelectorSettings")
                        .map(s -> s.whole("spillover").orElse(1))
                        .orElse(1L),
                selector.text("name").orElse(""),
                selector.text("description").orElse(""),
                selector.bool("unlisted").orElse(false),
                ModelKeys.metadata(selector));
    }

    public Set<String> ids() {
        return raw.keySet();
    }

    public Pos place(String id) {
        return places.get(id);
    }

    public void check(ModelTable models, PeerTable peers, Routing routing) {
        raw.forEach((id, selector) -> new Check(id, selector, models, peers).run(routing));
    }

    public SequencedMap<String, Selector> selectors() {
        SequencedMap<String, Selector> done = new LinkedHashMap<>();
        raw.forEach((id, s) -> done.put(
                id,
                new Selector(
                        id,
                        Selector.Strategy.valueOf(s.strategy().orElse("warm").toUpperCase(java.util.Locale.ROOT)),
                        s.targets(),
                        s.spillover(),
                        s.name(),
                        s.description(),
                        s.unlisted(),
                        s.metadata())));
        return done;
    }

    /** The checks of one selector; the first that fails ends them, for the rest would be its consequence. */
    private final class Check {
        private final String id;
        private final Raw selector;
        private final ModelTable models;
        private final PeerTable peers;
        private final String path;

        Check(String id, Raw selector, ModelTable models, PeerTable peers) {
            this.id = id;
            this.selector = selector;
            this.models = models;
            this.peers = peers;
            this.path = "selectors." + id;
        }

        void run(Routing routing) {
            Optional<String> mistake = name().or(this::strategy).or(this::targets);
            if (mistake.isEmpty() && selector.strategy().get().equals("spillover")) {
                mistake = spillover(routing);
            }
            mistake.ifPresent(text ->
                    problems.error(text, text.contains("targets") ? selector.targetsPlace() : places.get(id), ""));
        }

        private Optional<String> name() {
            if (GoText.isBlank(id)) {
                return Optional.of("selectors: selector names cannot be empty");
            }
            if (models.has(id)) {
                return Optional.of(path + ": name conflicts with model ID " + GoText.quoted(id));
            }
            return models.aliases().containsKey(id)
                    ? Optional.of(path + ": name conflicts with model alias " + GoText.quoted(id))
                    : Optional.empty();
        }

        private Optional<String> strategy() {
            if (selector.strategy().isEmpty()) {
                return Optional.of(path + ".strategy is required");
            }
            String strategy = selector.strategy().get();
            return List.of("warm", "pin", "spillover").contains(strategy)
                    ? Optional.empty()
                    : Optional.of(path + ".strategy: unknown strategy " + GoText.quoted(strategy)
                            + " (valid: warm, pin, spillover)");
        }

        private Optional<String> targets() {
            if (selector.targets().isEmpty()) {
                return Optional.of(path + ".targets must contain at least one entry");
            }
            for (int i = 0; i < selector.targets().size(); i++) {
                Optional<String> mistake =
                        target(path + ".targets[" + i + "]", selector.targets().get(i));
                if (mistake.isPresent()) {
                    return mistake;
                }
            }
            return Optional.empty();
        }

        private Optional<String> target(String at, String target) {
            if (models.resolve(target).isPresent()) {
                return Optional.empty();
            }
            if (raw.containsKey(target)) {
                return Optional.of(
                        at + " references selector " + GoText.quoted(target) + "; selector chaining is not supported");
            }
            if (peers.resolve(target).isEmpty()) {
                return Optional.of(at + " references unknown model " + GoText.quoted(target));
            }
            return selector.strategy().get().equals("warm")
                    ? Optional.of(at + " must resolve to a local model for strategy \"warm\"")
                    : Optional.empty();
        }

        private Optional<String> spillover(Routing routing) {
            if (selector.spillover() < 1) {
                return Optional.of(path + ".settings.spillover must be >= 1");
            }
            Set<String> seen = new LinkedHashSet<>();
            Set<String> local = new LinkedHashSet<>();
            for (String target : selector.targets()) {
                Optional<String> model = models.resolve(target);
                String resolved = model.orElseGet(
                        () -> peers.resolve(target).orElseThrow().qualifiedName());
                if (!seen.add(resolved)) {
                    return Optional.of(path + ".targets contains duplicate resolved model " + GoText.quoted(resolved));
                }
                model.ifPresent(local::add);
            }
            return local.size() < 2 ? Optional.empty() : together(routing, local);
        }

        private Optional<String> together(Routing routing, Set<String> local) {
            return switch (routing) {
                case Routing.Groups groups -> {
                    Set<Group> homes = new LinkedHashSet<>();
                    local.forEach(model -> homes.add(groups.of(model)));
                    yield homes.size() > 1
                            ? Optional.of(path + " spillover targets must share one routing group")
                            : homes.iterator().next().swap()
                                    ? Optional.of(path + " spillover targets must share a group with swap: false")
                                    : Optional.empty();
                }
                case Routing.Matrix matrix ->
                    new SetCover(matrix.sets()).covers(local)
                            ? Optional.empty()
                            : Optional.of(path + ".targets must all appear together in one expanded matrix set");
            };
        }
    }
}
