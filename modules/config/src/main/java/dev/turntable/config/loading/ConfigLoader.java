package dev.turntable.config.loading;

import dev.turntable.config.Config;
import dev.turntable.config.Redactor;
import dev.turntable.config.Routing;
import dev.turntable.config.Secret;
import dev.turntable.config.loading.keys.KnownKeys;
import dev.turntable.config.loading.keys.ModelTable;
import dev.turntable.config.loading.keys.PeerTable;
import dev.turntable.config.loading.keys.ProfileTable;
import dev.turntable.config.loading.keys.RoutingKeys;
import dev.turntable.config.loading.keys.SelectorTable;
import dev.turntable.config.loading.keys.ServerKeys;
import dev.turntable.config.loading.keys.TurntableKeys;
import dev.turntable.config.loading.macros.EnvMacros;
import dev.turntable.config.loading.macros.MacroPass;
import dev.turntable.config.loading.macros.UnresolvedMacros;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Scalar;
import dev.turntable.config.loading.yaml.Pos;
import dev.turntable.config.loading.yaml.Source;
import dev.turntable.config.loading.yaml.YamlException;
import dev.turntable.config.loading.yaml.YamlParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads, checks and decodes a configuration, in the order of llama-swap's own checks (§2.13), so that the first error is the one it would
 * report. Where it makes sense the checks go on, so that all mistakes of a file can be told at once.
 */
public final class ConfigLoader {
    private final LoadOptions options;
    private final Problems problems = new Problems();
    private final EnvMacros environment;
    private final List<Pos> emptiedKeys = new ArrayList<>();

    private ConfigLoader(LoadOptions options) {
        this.options = options;
        this.environment = new EnvMacros(options.environment(), problems);
    }

    /** Never throws for anything that a file or folder may hold. */
    public static LoadResult load(ConfigSources sources, LoadOptions options) {
        return new ConfigLoader(options).run(sources);
    }

    private LoadResult run(ConfigSources sources) {
        List<SourceFiles.Content> files = new SourceFiles(problems).read(sources);
        Optional<Fields> merged = merge(files).map(tree -> new Changes(problems).apply(tree, options.changes()));
        if (problems.any() || merged.isEmpty()) {
            return new LoadResult.Refused(problems.errors(), problems.warnings());
        }
        MacroPass.Result expanded = new MacroPass(problems, options.keptPorts()).run(merged.get());
        new UnresolvedMacros(
                        problems, expanded.declarations(), options.environment().keySet())
                .check(expanded.root());
        Optional<Config> config = decode(expanded, Fingerprint.of(bytes(files)));
        if (problems.any() || config.isEmpty()) {
            return new LoadResult.Refused(problems.errors(), problems.warnings());
        }
        return new LoadResult.Loaded(
                config.get(),
                problems.warnings(),
                files.stream()
                        .map(file -> new ConfigSources.Text(file.name(), file.text()))
                        .toList());
    }

    private static Map<String, byte[]> bytes(List<SourceFiles.Content> files) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        files.forEach(file -> bytes.put(file.name(), file.bytes()));
        return bytes;
    }

    /** All files as one tree; empty when there is none. */
    private Optional<Fields> merge(List<SourceFiles.Content> files) {
        Optional<Fields> merged = Optional.empty();
        TreeMerge merge = new TreeMerge(problems);
        for (SourceFiles.Content file : files) {
            Optional<Fields> tree = read(file);
            if (tree.isPresent()) {
                merged = Optional.of(merged.isPresent() ? merge.merge(merged.get(), tree.get()) : tree.get());
            }
        }
        if (merged.isPresent() || files.isEmpty()) {
            return merged;
        }
        SourceFiles.Content first = files.getFirst();
        Pos start = new Pos(new Source(first.name(), first.text(), Map.of()), 1, 1, 1, 1);
        return Optional.of(new Fields(start, new LinkedHashMap<>()));
    }

    private Optional<Fields> read(SourceFiles.Content file) {
        int before = problems.errors().size();
        EnvMacros.Expanded text = environment.expand(file.name(), file.text());
        problems.redactor(Redactor.ofEnvironment(environment.used()));
        if (problems.errors().size() > before) {
            return Optional.empty();
        }
        try {
            YamlParser.Parsed parsed = YamlParser.parse(text.source(), text.text());
            parsed.root().ifPresent(problems::learnSecrets);
            parsed.broken().forEach(e -> problems.yaml("", e));
            emptiedKeys(text);
            return parsed.root().flatMap(root -> mapping(file.name(), root));
        } catch (YamlException e) {
            problems.yaml(e.isSyntax() ? "failed to parse config " + file.name() + ": " : "", e);
            return Optional.empty();
        }
    }

    private Optional<Fields> mapping(String name, Node root) {
        if (root instanceof Items items && !items.items().isEmpty()) {
            problems.error(
                    "config " + name + ": top-level YAML must be a mapping",
                    root,
                    "a file begins with keys like models:");
        }
        if (!(root instanceof Fields fields)) {
            return Optional.empty();
        }
        KnownKeys.check(fields, problems);
        return Optional.of(fields);
    }

    /** Finds API keys that an empty environment variable makes vanish: the list would be shorter, and the door open. */
    private void emptiedKeys(EnvMacros.Expanded text) {
        if (text.marked().equals(text.text())) {
            return;
        }
        try {
            YamlParser.parse(text.markedSource(), text.marked())
                    .root()
                    .filter(Fields.class::isInstance)
                    .flatMap(root -> ((Fields) root).get("apiKeys"))
                    .ifPresent(this::emptied);
        } catch (YamlException e) {
            // The marks broke the text, so no variable stood alone where a value is expected.
        }
    }

    private void emptied(Node node) {
        switch (node) {
            case Scalar scalar -> {
                if (scalar.plain()
                        && scalar.raw().replace(EnvMacros.EMPTY_MARK, "").isEmpty()) {
                    emptiedKeys.add(scalar.pos());
                }
            }
            case Items items -> items.items().forEach(this::emptied);
            case Fields ignored -> {}
        }
    }

    private Optional<Config> decode(MacroPass.Result expanded, String hash) {
        Fields root = expanded.root();
        ServerKeys server = new ServerKeys(root, problems);
        server.decode();
        ModelTable models = new ModelTable(root, problems);
        PeerTable peers = new PeerTable(root, problems);
        ProfileTable profiles = new ProfileTable(root, problems);
        RoutingKeys routingKeys = new RoutingKeys(root, problems);
        SelectorTable selectors = new SelectorTable(root, problems);
        TurntableKeys turntable = new TurntableKeys(root, problems);
        problems.typeErrorsNow();

        server.startPort();
        server.checkBeforeModels();
        models.check();
        Optional<Routing> routing = routingKeys.build(models);
        Map<String, Integer> priorities = routingKeys.scheduler(models);
        server.checkApiKeys(emptiedKeys);
        peers.check(models, selectors, profiles);
        routing.ifPresent(r -> selectors.check(models, peers, r));
        profiles.check(
                name -> models.resolve(name).isPresent()
                        || selectors.ids().contains(name)
                        || peers.resolve(name).isPresent(),
                name -> models.resolve(name).isPresent());
        routingKeys.checkMembers(models, routing);
        if (problems.any() || routing.isEmpty()) {
            return Optional.empty();
        }
        List<Secret> secrets = new ArrayList<>(server.apiKeys());
        secrets.addAll(peers.keys());
        return Optional.of(new Config(
                models.configs(server, expanded.ports()),
                models.aliases(),
                peers.peers(),
                selectors.selectors(),
                profiles.profiles(),
                profiles.sets(),
                routing.get(),
                priorities,
                server.settings(models::resolve),
                turntable.settings(),
                hash,
                problems.redactor().and(secrets),
                problems.warnings()));
    }
}
