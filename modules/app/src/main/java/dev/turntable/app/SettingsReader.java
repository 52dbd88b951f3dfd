package dev.turntable.app;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.yaml.YamlConfigParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the {@link Settings}: flags over environment over the {@code turntable:} block of the configuration file over defaults.
 *
 * <p>A setting has one name everywhere: the flag {@code -data-dir}, the variable {@code TURNTABLE_DATA_DIR} and the key
 * {@code turntable: {data-dir: …}} are the same thing. The models file itself is not read through Helidon Config, which splits keys
 * at dots and substitutes what is ours to substitute; only its {@code turntable:} block is taken here.
 */
public final class SettingsReader {
    /** Every setting, by its name. */
    static final Set<String> NAMES = Set.of(
            "config",
            "config-dir",
            "listen",
            "tls-cert-file",
            "tls-key-file",
            "watch-config",
            "data-dir",
            "durability");

    private static final Set<String> DURABILITY = Set.of("fast", "standard", "strict");

    private SettingsReader() {}

    /**
     * @param flags the flags that were given, by name without dashes
     * @param environment the process environment
     * @throws StartException when the settings cannot be used, with one line that says why
     */
    public static Settings read(Map<String, String> flags, Map<String, String> environment) {
        Config early = sources(flags, environment, Map.of());
        Optional<Path> config = path(early, "config");
        Optional<Path> configDir = path(early, "config-dir");
        if (config.isEmpty() && configDir.isEmpty()) {
            throw new StartException(
                    ExitCode.CONFIG, "no configuration: say -config FILE or -config-dir DIR (turntable --help)");
        }
        config.ifPresent(SettingsReader::requireReadable);

        Config all =
                sources(flags, environment, config.map(SettingsReader::block).orElse(Map.of()));
        Optional<Settings.Tls> tls = tls(path(all, "tls-cert-file"), path(all, "tls-key-file"));
        return new Settings(
                config,
                configDir,
                listen(text(all, "listen").orElse(tls.isPresent() ? ":8443" : ":8080")),
                tls,
                text(all, "watch-config").map(Boolean::parseBoolean).orElse(false),
                path(all, "data-dir").orElseGet(() -> defaultDataDir(environment)),
                durability(text(all, "durability").orElse("standard")));
    }

    private static Config sources(
            Map<String, String> flags, Map<String, String> environment, Map<String, String> block) {
        return Config.builder()
                .sources(
                        ConfigSources.create(flags),
                        ConfigSources.create(fromEnvironment(environment)),
                        ConfigSources.create(block))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableValueResolving()
                .disableKeyResolving()
                .disableFilterServices()
                .disableMapperServices()
                .disableParserServices()
                .build();
    }

    private static Map<String, String> fromEnvironment(Map<String, String> environment) {
        var settings = new LinkedHashMap<String, String>();
        for (String name : NAMES) {
            String value = environment.get("TURNTABLE_" + name.replace('-', '_').toUpperCase(Locale.ROOT));
            if (value != null && !value.isEmpty()) {
                settings.put(name, value);
            }
        }
        return settings;
    }

    /** The {@code turntable:} block of a configuration file, flat. A file that is not YAML is refused later, by its own room. */
    private static Map<String, String> block(Path file) {
        var block = new LinkedHashMap<String, String>();
        try {
            Config.builder()
                    .sources(ConfigSources.file(file))
                    .addParser(YamlConfigParser.create())
                    .disableEnvironmentVariablesSource()
                    .disableSystemPropertiesSource()
                    .disableValueResolving()
                    .disableKeyResolving()
                    .build()
                    .get("turntable")
                    .detach()
                    .asMap()
                    .ifPresent(block::putAll);
        } catch (ConfigException e) {
            block.clear();
        }
        block.keySet().retainAll(NAMES);
        return block;
    }

    private static Optional<String> text(Config config, String name) {
        return config.get(name).asString().asOptional().filter(value -> !value.isEmpty());
    }

    private static Optional<Path> path(Config config, String name) {
        return text(config, name).map(Path::of);
    }

    private static void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            String why = Files.exists(file) ? "cannot be read" : "does not exist";
            throw new StartException(ExitCode.CONFIG, "configuration file " + why + ": " + file);
        }
    }

    private static Optional<Settings.Tls> tls(Optional<Path> certificate, Optional<Path> key) {
        if (certificate.isPresent() != key.isPresent()) {
            throw new StartException(ExitCode.CONFIG, "TLS needs both -tls-cert-file and -tls-key-file");
        }
        certificate.ifPresent(SettingsReader::requireReadableTls);
        key.ifPresent(SettingsReader::requireReadableTls);
        return certificate.map(file -> new Settings.Tls(file, key.orElseThrow()));
    }

    private static void requireReadableTls(Path file) {
        if (!Files.isReadable(file)) {
            throw new StartException(ExitCode.CONFIG, "TLS file cannot be read: " + file);
        }
    }

    /** {@code host:port}, {@code :port} or {@code [v6]:port}, as Go's {@code net.Listen} takes them. */
    static Settings.Listen listen(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        String port = colon < 0 ? "" : address.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0
                || (!bracketed && host.contains(":"))
                || !port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) > 65535) {
            throw new StartException(ExitCode.ADDRESS, "not an address to listen on (HOST:PORT): " + address);
        }
        return new Settings.Listen(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }

    private static String durability(String word) {
        if (!DURABILITY.contains(word)) {
            throw new StartException(ExitCode.CONFIG, "durability is fast, standard or strict, not: " + word);
        }
        return word;
    }

    /** Where a Unix program keeps its state: {@code $XDG_STATE_HOME/turntable}, else {@code ~/.local/state/turntable}. */
    private static Path defaultDataDir(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (!state.isEmpty()) {
            return Path.of(state, "turntable");
        }
        return home.isEmpty() ? Path.of("turntable-data") : Path.of(home, ".local", "state", "turntable");
    }
}
