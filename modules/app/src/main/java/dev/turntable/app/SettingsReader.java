package dev.turntable.app;

import dev.turntable.config.TurntableSettings;
import dev.turntable.config.TurntableSettings.Durability;
import dev.turntable.config.loading.ConfigSources;
import io.helidon.config.Config;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the {@link Settings}: flags over environment over the {@code turntable:} block of the configuration over defaults.
 *
 * <p>A setting has one name: the flag {@code -data-dir} and the variable {@code TURNTABLE_DATA_DIR} are the same thing. The models file
 * itself never passes through Helidon Config, which splits keys at dots and substitutes what is ours to substitute: its own room
 * has read it before, and only what its {@code turntable:} block says arrives here.
 */
public final class SettingsReader {
    /** Every setting, by its name. */
    static final List<String> NAMES = List.of(
            "config",
            "config-dir",
            "listen",
            "tls-cert-file",
            "tls-key-file",
            "watch-config",
            "data-dir",
            "durability");

    private final Map<String, String> flags;
    private final Map<String, String> environment;

    /**
     * @param flags the flags that were given, by name without dashes
     * @param environment the process environment
     */
    public SettingsReader(Map<String, String> flags, Map<String, String> environment) {
        this.flags = Map.copyOf(flags);
        this.environment = Map.copyOf(environment);
    }

    /** Where the configuration comes from; whether it can be read is for its own room to say, in the words people search for. */
    public ConfigSources sources() {
        Config early = layers(Map.of());
        Optional<String> config = text(early, "config");
        Optional<String> directory = text(early, "config-dir");
        if (config.isEmpty() && directory.isEmpty()) {
            throw new StartException(
                    ExitCode.REFUSED,
                    "no configuration: at least one of -config or -config-dir must be provided (turntable --help)");
        }
        tlsPair(early);
        return new ConfigSources(config, directory, List.of());
    }

    /** All settings, once the configuration is read; throws {@link StartException} with one line that says what is wrong. */
    public Settings settings(TurntableSettings block) {
        ConfigSources sources = sources();
        Config all = layers(block(block));
        Optional<Settings.Tls> tls = tls(path(all, "tls-cert-file"), path(all, "tls-key-file"));
        return new Settings(
                sources,
                listen(text(all, "listen").orElse(tls.isPresent() ? ":8443" : ":8080")),
                tls,
                text(all, "watch-config").map(Boolean::parseBoolean).orElse(false),
                path(all, "data-dir").or(() -> DataFolder.firstWritable(defaultDataDirs())),
                durability(text(all, "durability").orElse("standard")));
    }

    /** The data folder as far as it is known without a configuration: for commands that look into one. */
    public Path dataDir() {
        return path(layers(Map.of()), "data-dir").orElseGet(() -> {
            List<Path> usual = defaultDataDirs();
            return usual.stream()
                    .filter(Files::isDirectory)
                    .findFirst()
                    .or(() -> usual.stream().findFirst())
                    .orElseThrow(() -> new StartException(
                            ExitCode.REFUSED, "no data folder: -data-dir or TURNTABLE_DATA_DIR must name it"));
        });
    }

    private Config layers(Map<String, String> block) {
        return Config.builder()
                .sources(
                        io.helidon.config.ConfigSources.create(flags),
                        io.helidon.config.ConfigSources.create(fromEnvironment()),
                        io.helidon.config.ConfigSources.create(block))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableValueResolving()
                .disableKeyResolving()
                .disableFilterServices()
                .disableMapperServices()
                .disableParserServices()
                .build();
    }

    private Map<String, String> fromEnvironment() {
        var settings = new LinkedHashMap<String, String>();
        for (String name : NAMES) {
            String value = environment.getOrDefault(
                    "TURNTABLE_" + name.replace('-', '_').toUpperCase(Locale.ROOT), "");
            if (!value.isEmpty()) {
                settings.put(name, value);
            }
        }
        return settings;
    }

    private static Map<String, String> block(TurntableSettings block) {
        var settings = new LinkedHashMap<String, String>();
        block.dataDir().ifPresent(dir -> settings.put("data-dir", dir));
        settings.put("durability", block.durability().name().toLowerCase(Locale.ROOT));
        return settings;
    }

    private static Optional<String> text(Config config, String name) {
        return config.get(name).asString().asOptional().filter(value -> !value.isEmpty());
    }

    private static Optional<Path> path(Config config, String name) {
        try {
            return text(config, name).map(Path::of);
        } catch (InvalidPathException e) {
            throw new StartException(ExitCode.REFUSED, "-" + name + " is no path: " + e.getMessage(), e);
        }
    }

    private static void requireReadable(String what, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            String why = Files.exists(file) ? "cannot be read" : "does not exist";
            throw new StartException(ExitCode.REFUSED, what + " " + why + ": " + file);
        }
    }

    /** Both or none: told before the configuration is read (llama-swap §1.2). */
    private static void tlsPair(Config config) {
        if (text(config, "tls-cert-file").isPresent()
                != text(config, "tls-key-file").isPresent()) {
            throw new StartException(
                    ExitCode.REFUSED, "both -tls-cert-file and -tls-key-file must be provided for TLS");
        }
    }

    private static Optional<Settings.Tls> tls(Optional<Path> certificate, Optional<Path> key) {
        certificate.ifPresent(file -> requireReadable("TLS certificate", file));
        key.ifPresent(file -> requireReadable("TLS key", file));
        return certificate.map(file -> new Settings.Tls(file, key.orElseThrow()));
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
            throw new StartException(ExitCode.REFUSED, "not an address to listen on (HOST:PORT): " + address);
        }
        return new Settings.Listen(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }

    private static Durability durability(String word) {
        for (Durability mode : Durability.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(word)) {
                return mode;
            }
        }
        throw new StartException(ExitCode.REFUSED, "durability is fast, standard or strict, not: " + word);
    }

    /** Where a Unix program keeps its state: what systemd gives the service, what the user says, what is usual; the first that works. */
    private List<Path> defaultDataDirs() {
        List<Path> folders = new ArrayList<>();
        variable("STATE_DIRECTORY").map(all -> all.split(":")[0]).map(Path::of).ifPresent(folders::add);
        variable("XDG_STATE_HOME").map(state -> Path.of(state, "turntable")).ifPresent(folders::add);
        variable("HOME")
                .map(home -> Path.of(home, ".local", "state", "turntable"))
                .ifPresent(folders::add);
        return folders;
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
