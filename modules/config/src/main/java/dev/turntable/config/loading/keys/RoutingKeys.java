package dev.turntable.config.loading.keys;

import dev.turntable.config.Group;
import dev.turntable.config.Routing;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Pos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** Decodes groups, matrix and scheduler in their new and old places, and decides which of them counts (llama-swap §2.8). */
public final class RoutingKeys {
    private static final String MIGRATE =
            "config cannot use both top-level 'groups' or 'matrix' and 'routing.router'; please migrate the top-level keys into 'routing.router'";

    private final Problems problems;
    private final Optional<Conversions> router;
    private final Optional<Conversions> scheduler;
    private final Optional<String> use;
    private final SequencedMap<String, RawGroup> legacyGroups;
    private final SequencedMap<String, RawGroup> groups;
    private final Optional<MatrixKeys> legacyMatrix;
    private final Optional<MatrixKeys> matrix;
    private final Pos topPlace;
    private final Optional<String> schedulerUse;
    private final SequencedMap<String, Long> priorities = new TreeMap<>(GoText.BYTE_ORDER);
    private final Optional<Conversions> priorityTable;

    /** One group as written. */
    private record RawGroup(boolean swap, boolean exclusive, boolean persistent, List<String> members, Pos place) {}

    public RoutingKeys(Fields root, Problems problems) {
        this.problems = problems;
        Conversions top = new Conversions(root, "", problems);
        legacyGroups = groups(top);
        legacyMatrix = top.child("matrix", "config.MatrixConfig").map(MatrixKeys::new);
        topPlace = root.fields().containsKey("groups") ? top.pos("groups") : top.pos("matrix");
        Optional<Conversions> routing = top.child("routing", "config.RoutingConfig");
        router = routing.flatMap(r -> r.child("router", "config.RouterConfig"));
        use = router.flatMap(r -> r.text("use"));
        Optional<Conversions> settings = router.flatMap(r -> r.child("settings", "config.RouterSettings"));
        groups = settings.map(this::groups).orElse(new LinkedHashMap<>());
        matrix = settings.flatMap(s -> s.child("matrix", "config.MatrixConfig")).map(MatrixKeys::new);
        scheduler = routing.flatMap(r -> r.child("scheduler", "config.SchedulerConfig"));
        schedulerUse = scheduler.flatMap(s -> s.text("use"));
        priorityTable = scheduler
                .flatMap(s -> s.child("settings", "config.SchedulerSettings"))
                .flatMap(s -> s.child("fifo", "config.FifoConfig"))
                .flatMap(f -> f.child("priority", "map[string]int"));
        priorityTable.ifPresent(table -> table.fields()
                .fields()
                .keySet()
                .forEach(key -> priorities.put(key, table.whole(key).orElse(0))));
    }

    private SequencedMap<String, RawGroup> groups(Conversions owner) {
        SequencedMap<String, RawGroup> decoded = new TreeMap<>(GoText.BYTE_ORDER);
        owner.child("groups", "map[string]config.GroupConfig")
                .ifPresent(table -> table.fields().fields().forEach((id, field) -> {
                    Node value =
                            field.value().isNull() ? new Fields(field.keyPos(), new LinkedHashMap<>()) : field.value();
                    table.fit(value, "config.GroupConfig", table.pathOf(id))
                            .ifPresent(group -> decoded.put(
                                    id,
                                    new RawGroup(
                                            group.bool("swap").orElse(true),
                                            group.bool("exclusive").orElse(true),
                                            group.bool("persistent").orElse(false),
                                            group.texts("members"),
                                            group.fields()
                                                    .get("members")
                                                    .map(Node::pos)
                                                    .orElse(field.keyPos()))));
                }));
        return decoded;
    }

    /** Decides and checks; empty when something was wrong. */
    public Optional<Routing> build(ModelTable models) {
        boolean legacy = !legacyGroups.isEmpty() || legacyMatrix.isPresent();
        boolean modern = use.filter(text -> !text.isEmpty()).isPresent() || !groups.isEmpty() || matrix.isPresent();
        if (legacy && modern) {
            problems.error(MIGRATE, topPlace, "keep one of the two places");
            return Optional.empty();
        }
        if (!legacyGroups.isEmpty() && legacyMatrix.isPresent()) {
            problems.error("config cannot use both 'groups' and 'matrix'", topPlace, "remove one of them");
            return Optional.empty();
        }
        if (legacy) {
            return legacyMatrix.isPresent()
                    ? legacyMatrix.get().build(models).map(m -> (Routing) m)
                    : groups(legacyGroups, models);
        }
        return switch (use.orElse("")) {
            case "", "group" -> {
                if (use.isEmpty() || use.get().isEmpty()) {
                    matrix.ifPresent(m -> problems.warn(
                            "routing.router.settings.matrix: it has no effect",
                            m.place(),
                            "routing.router.use: matrix makes it count"));
                }
                yield groups(groups, models);
            }
            case "matrix" -> {
                if (matrix.isEmpty()) {
                    problems.error(
                            "routing.router.use is 'matrix' but routing.router.settings.matrix is not set",
                            router.get().pos("use"),
                            "");
                }
                yield matrix.flatMap(m -> m.build(models));
            }
            default -> {
                problems.error(
                        "routing.router.use: unknown router " + GoText.quoted(use.get()) + " (valid: group, matrix)",
                        router.get().pos("use"),
                        "");
                yield Optional.empty();
            }
        };
    }

    private Optional<Routing> groups(SequencedMap<String, RawGroup> raw, ModelTable models) {
        Map<String, String> owners = new HashMap<>();
        boolean[] good = {true};
        raw.forEach((id, group) -> good[0] &= members(id, group, owners));
        List<Group> built = new ArrayList<>();
        raw.forEach((id, group) -> {
            if (!id.equals(Group.DEFAULT_ID)) {
                built.add(new Group(id, group.swap(), group.exclusive(), group.persistent(), real(group, models)));
            }
        });
        RawGroup named = raw.get(Group.DEFAULT_ID);
        if (named != null && !named.members().isEmpty()) {
            problems.error(
                    "groups." + Group.DEFAULT_ID + ": the name is reserved",
                    named.place(),
                    "it is the group of all models that are in no other");
            good[0] = false;
        }
        Set<String> grouped = new LinkedHashSet<>();
        built.forEach(group -> grouped.addAll(group.members()));
        List<String> rest = models.models().keySet().stream()
                .filter(id -> !grouped.contains(id))
                .toList();
        built.add(new Group(Group.DEFAULT_ID, true, true, false, rest));
        built.sort((a, b) -> GoText.BYTE_ORDER.compare(a.id(), b.id()));
        return good[0] ? Optional.of(new Routing.Groups(built)) : Optional.empty();
    }

    private boolean members(String id, RawGroup group, Map<String, String> owners) {
        boolean good = true;
        Set<String> own = new LinkedHashSet<>();
        for (String member : group.members()) {
            if (!own.add(member)) {
                problems.error("duplicate model member " + member + " found in group: " + id, group.place(), "");
                good = false;
            }
            String other = owners.putIfAbsent(member, id);
            if (other != null && !other.equals(id)) {
                problems.error(
                        "model member " + member + " is used in multiple groups: " + other + " and " + id,
                        group.place(),
                        "");
                good = false;
            }
        }
        return good;
    }

    private List<String> real(RawGroup group, ModelTable models) {
        for (String member : group.members()) {
            if (!models.has(member) && models.resolve(member).isPresent()) {
                problems.warn(
                        "group member " + GoText.quoted(member) + " is an alias",
                        group.place(),
                        "it has no effect; use the model id");
            }
        }
        return group.members().stream().filter(models::has).toList();
    }

    /** The last of all checks: llama-swap makes it when it builds its router. */
    public void checkMembers(ModelTable models, Optional<Routing> routing) {
        if (routing.isPresent() && routing.get() instanceof Routing.Groups) {
            SequencedMap<String, RawGroup> counted = legacyGroups.isEmpty() ? groups : legacyGroups;
            counted.forEach((id, group) -> group.members().stream()
                    .filter(member -> models.resolve(member).isEmpty())
                    .forEach(member -> problems.error(
                            "creating group router: no model config for " + GoText.quoted(member),
                            group.place(),
                            "group members are model ids")));
        }
    }

    public Map<String, Integer> scheduler(ModelTable models) {
        schedulerUse
                .filter(text -> !text.isEmpty() && !text.equals("fifo"))
                .ifPresent(text -> problems.error(
                        "routing.scheduler.use: unknown scheduler " + GoText.quoted(text) + " (valid: fifo)",
                        scheduler.get().pos("use"),
                        ""));
        Map<String, Integer> known = new HashMap<>();
        priorities.forEach((name, priority) -> {
            if (models.has(name)) {
                known.put(name, Math.clamp(priority, Integer.MIN_VALUE, Integer.MAX_VALUE));
            } else if (models.resolve(name).isPresent()) {
                problems.warn(
                        "priority of alias " + GoText.quoted(name) + " has no effect",
                        priorityTable.get().pos(name),
                        "use the model id");
            } else {
                problems.error(
                        "routing.scheduler.settings.fifo.priority references unknown model " + GoText.quoted(name),
                        priorityTable.get().pos(name),
                        "");
            }
        });
        return known;
    }
}
