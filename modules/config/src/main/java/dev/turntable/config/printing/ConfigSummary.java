package dev.turntable.config.printing;

import dev.turntable.config.Config;
import dev.turntable.config.Group;
import dev.turntable.config.Routing;
import dev.turntable.config.SetText;
import dev.turntable.config.Value;
import dev.turntable.config.compat.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code check-config} says about a good file: models with ports, times and other names, then what may run together. */
final class ConfigSummary {
    private final List<String> lines = new ArrayList<>();

    private ConfigSummary() {}

    static String text(Config config) {
        ConfigSummary summary = new ConfigSummary();
        summary.models(config);
        summary.routing(config.routing());
        summary.list("selectors", config.selectors().keySet());
        summary.list("profiles", config.profiles().keySet());
        config.modelSets()
                .forEach((name, members) -> summary.lines.add("  profile " + name + ": " + String.join(", ", members)));
        config.peers()
                .forEach((id, peer) -> summary.lines.add("  peer " + id + ": " + String.join(", ", peer.models())));
        summary.list("preload", config.preload());
        summary.lines.add("  API keys: "
                + (config.apiKeys().isEmpty()
                        ? "none, everybody may ask"
                        : config.apiKeys().size()));
        return config.redactor().redact(String.join("\n", summary.lines) + "\n");
    }

    static Value.Fields tree(Config config) {
        Tree models = new Tree(config.redactor());
        config.models().forEach((id, model) -> {
            Tree entry = models.child();
            model.port().ifPresent(port -> entry.put("port", port));
            models.put(id, entry.seconds("ttl", model.ttl()).texts("aliases", model.aliases()));
        });
        Tree routing = models.child();
        switch (config.routing()) {
            case Routing.Groups groups -> groups.groups().forEach(group -> routing.texts(group.id(), group.members()));
            case Routing.Matrix matrix -> {
                SetText text = new SetText(matrix.vars());
                matrix.sets().forEach((name, set) -> routing.put(name, text.of(set)));
            }
        }
        String kind = config.routing() instanceof Routing.Matrix ? "matrix" : "groups";
        return models.child()
                .put("hash", config.hash())
                .put("models", models)
                .put(kind, routing)
                .texts("selectors", config.selectors().keySet())
                .texts("profiles", config.profiles().keySet())
                .texts("peers", config.peers().keySet())
                .texts("preload", config.preload())
                .put("apiKeys", config.apiKeys().size())
                .done();
    }

    private void models(Config config) {
        lines.add("  models: " + config.models().size());
        int width =
                config.models().keySet().stream().mapToInt(String::length).max().orElse(0);
        config.models().forEach((id, model) -> {
            String port = model.port().isPresent()
                    ? "port " + model.port().getAsInt()
                    : model.proxy().text();
            String names = model.aliases().isEmpty() ? "" : ", also " + String.join(", ", model.aliases());
            lines.add("    " + id + " ".repeat(width - id.length() + 2) + port + ", ttl " + ttl(model.ttl()) + names);
        });
    }

    private static String ttl(Duration ttl) {
        return ttl.isZero() ? "never" : GoDuration.format(ttl);
    }

    private void routing(Routing routing) {
        switch (routing) {
            case Routing.Groups groups -> {
                lines.add("  groups: " + groups.groups().size());
                groups.groups()
                        .forEach(group -> lines.add("    " + group.id() + " (" + rules(group) + "): "
                                + (group.members().isEmpty() ? "nobody" : String.join(", ", group.members()))));
            }
            case Routing.Matrix matrix -> {
                lines.add("  matrix sets: " + matrix.sets().size());
                SetText text = new SetText(matrix.vars());
                matrix.sets().forEach((name, set) -> lines.add("    " + name + ": " + text.of(set)));
                if (!matrix.evictCosts().isEmpty()) {
                    lines.add("    costs: "
                            + matrix.evictCosts().entrySet().stream()
                                    .sorted(Map.Entry.comparingByKey())
                                    .map(cost -> cost.getKey() + " " + cost.getValue())
                                    .collect(Collectors.joining(", ")));
                }
            }
        }
    }

    private static String rules(Group group) {
        return (group.swap() ? "one at a time" : "side by side")
                + (group.exclusive() ? ", ends others" : "")
                + (group.persistent() ? ", never ended" : "");
    }

    private void list(String what, Iterable<String> names) {
        String joined = String.join(", ", names);
        if (!joined.isEmpty()) {
            lines.add("  " + what + ": " + joined);
        }
    }
}
