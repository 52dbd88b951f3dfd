package dev.turntable.whatif;

import dev.turntable.config.Config;
import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadOptions.Change;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.fsm.Policies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A policy to try: a whole configuration, or changes to those that were in force. The language of both is that of the configuration. */
public final class Candidate {
    private static final Pattern NEXT = Pattern.compile(",(?=[A-Za-z_][\\w.:/-]*=)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env\\.([^}]+)}");

    private final String name;
    private final Optional<Config> whole;
    private final List<Change> changes;
    private final Map<String, String> environment;

    /** The sources of the configurations of the past, by hash. */
    public interface Archive extends Function<String, Optional<ConfigSources>> {}

    private Candidate(String name, Optional<Config> whole, List<Change> changes, Map<String, String> environment) {
        this.name = name;
        this.whole = whole;
        this.changes = List.copyOf(changes);
        this.environment = Map.copyOf(environment);
    }

    /** A configuration in place of whatever was in force, read as a server would. Throws {@link WhatIfException} REFUSED. */
    public static Candidate whole(String name, ConfigSources sources, Map<String, String> environment) {
        Config config = loaded(name, sources, LoadOptions.of(environment));
        return new Candidate(name, Optional.of(config), List.of(), environment);
    }

    /** The same from a text, whatever environment it counts on: no value of a variable has a say in what is decided. */
    public static Candidate text(String name, String yaml) {
        ConfigSources sources = ConfigSources.text(name, yaml);
        return whole(name, sources, known(sources, Map.of()));
    }

    /** What was in force, changed: {@code key=value}, or several of them with commas between. Throws {@link WhatIfException}. */
    public static Candidate changed(String text, Map<String, String> environment) {
        List<Change> changes = new ArrayList<>();
        for (String part : NEXT.split(text)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new WhatIfException(
                        WhatIfException.Kind.USAGE,
                        "-set " + part + ": give a key of the configuration and a value, like models.qwen.ttl=600");
            }
            Change change = new Change(part.substring(0, equals), part.substring(equals + 1));
            if (change.key().equals("turntable.router")) {
                throw new WhatIfException(
                        WhatIfException.Kind.REFUSED,
                        "-set " + part + ": this version has no router of that kind yet; there are groups and sets"
                                + " (routing.router.use)");
            }
            changes.add(change);
        }
        return new Candidate(text, Optional.empty(), changes, environment);
    }

    /** What was in force, with these changes. */
    static Candidate changing(String name, List<Change> changes, Map<String, String> environment) {
        return new Candidate(name, Optional.empty(), changes, environment);
    }

    /** What its column is called. */
    public String name() {
        return name;
    }

    /** The whole configuration, where it is one. */
    Optional<Config> whole() {
        return whole;
    }

    /** The rules it gives for that record. Throws {@link WhatIfException}. */
    Rules rules(Recorded recorded, Archive archive) {
        Map<String, Config> byHash = new HashMap<>();
        if (whole.isEmpty()) {
            for (Fact.ConfigApplied applied : recorded.configurations()) {
                byHash.computeIfAbsent(applied.hash(), _ -> changed(applied, archive));
            }
        }
        return new Taken(byHash, whole);
    }

    private Config changed(Fact.ConfigApplied applied, Archive archive) {
        ConfigSources sources = archive.apply(applied.hash())
                .orElseThrow(() -> new WhatIfException(
                        WhatIfException.Kind.REFUSED,
                        "-set " + name + ": the configuration that was in force is not kept in this data folder;"
                                + " give the whole new one with -config"));
        return loaded(
                "-set " + name,
                sources,
                LoadOptions.of(known(sources, environment)).withChanges(spelled(applied.policy())));
    }

    /** {@code ttl} alone is that of every model. */
    private List<Change> spelled(Policy policy) {
        List<Change> all = new ArrayList<>();
        for (Change change : changes) {
            if (change.key().equals("ttl")) {
                all.add(new Change("globalTTL", change.value()));
                policy.models().forEach(m -> all.add(new Change("models." + m.id() + ".ttl", change.value())));
            } else {
                all.add(change);
            }
        }
        return all;
    }

    /** Variables that are not set here change nothing that is decided; but without them the configuration would not load. */
    private static Map<String, String> known(ConfigSources sources, Map<String, String> environment) {
        Map<String, String> known = new HashMap<>(environment);
        for (ConfigSources.Text text : sources.texts()) {
            Matcher variable = VARIABLE.matcher(text.content());
            while (variable.find()) {
                known.putIfAbsent(variable.group(1), "unset");
            }
        }
        return known;
    }

    private static Config loaded(String name, ConfigSources sources, LoadOptions options) {
        return switch (ConfigLoader.load(sources, options)) {
            case LoadResult.Loaded loaded -> loaded.config();
            case LoadResult.Refused refused ->
                throw new WhatIfException(
                        WhatIfException.Kind.REFUSED,
                        name + " is refused: " + refused.first().render());
        };
    }

    private record Taken(Map<String, Config> byHash, Optional<Config> always) implements Rules {
        private Config config(Fact.ConfigApplied recorded) {
            return always.orElseGet(() -> byHash.get(recorded.hash()));
        }

        @Override
        public Policy policy(Fact.ConfigApplied recorded) {
            return Policies.from(config(recorded));
        }

        @Override
        public Optional<List<ModelId>> preload(Fact.ConfigApplied recorded) {
            return Optional.of(
                    config(recorded).preload().stream().map(ModelId::new).toList());
        }
    }
}
