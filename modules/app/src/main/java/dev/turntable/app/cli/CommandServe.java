package dev.turntable.app.cli;

import dev.turntable.app.ExitCode;
import dev.turntable.app.Settings;
import dev.turntable.app.SettingsReader;
import dev.turntable.app.Turntable;
import dev.turntable.app.Version;
import dev.turntable.config.Config;
import dev.turntable.config.loading.LoadResult;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code turntable}: serves. The flags are llama-swap's (§1.1) and {@code -data-dir}. */
@Command(
        name = "turntable",
        sortOptions = false,
        customSynopsis = {
            "turntable -config FILE [-listen HOST:PORT] [-data-dir DIR]",
            "turntable COMMAND …      (turntable COMMAND --help says more)"
        },
        synopsisHeading = "",
        headerHeading = "",
        header = {
            "Turntable runs your local models on demand: it starts the one a request names, swaps it for the",
            "next, and keeps a record of everything that happened. It reads llama-swap's configuration and speaks",
            "its HTTP interface.",
            ""
        },
        optionListHeading = "%nFlags (one dash or two; -name value or -name=value):%n",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Every flag is an environment variable too (-data-dir: TURNTABLE_DATA_DIR), and some are keys of the file's",
            "turntable: block; the flag wins, then the variable, then the file. SIGHUP reads the configuration again,",
            "SIGTERM or Ctrl-C stops everything in order, and a second one at once.",
            "",
            "Try: turntable -config FILE -listen localhost:8080, then curl localhost:8080/v1/models"
        },
        exitCodeListHeading = "%nExit codes:%n")
final class CommandServe implements Callable<Integer> {
    @Option(names = "-config", paramLabel = "FILE", description = "the models: one YAML file")
    private String config;

    @Option(
            names = "-config-dir",
            paramLabel = "DIR",
            description = "a folder whose *.yml and *.yaml files are merged in, with -config or without")
    private String configDir;

    @Option(
            names = "-listen",
            paramLabel = "HOST:PORT",
            description = "where to listen; default :8080, with TLS :8443; port 0 takes a free one")
    private String listen;

    @Option(
            names = "-data-dir",
            paramLabel = "DIR",
            description = "the one folder that is written to; default $STATE_DIRECTORY, else ~/.local/state/turntable")
    private String dataDir;

    @Option(
            names = "-durability",
            paramLabel = "MODE",
            description = "when the journal is forced to disk: fast, standard (default) or strict")
    private String durability;

    @Option(names = "-tls-cert-file", paramLabel = "PEM", description = "serve HTTPS with this certificate…")
    private String tlsCertFile;

    @Option(names = "-tls-key-file", paramLabel = "PEM", description = "…and this key")
    private String tlsKeyFile;

    @Option(
            names = "-watch-config",
            arity = "0..1",
            paramLabel = "false",
            description = "apply changes of the configuration as they are saved")
    private boolean watchConfig;

    @Option(names = "-version", arity = "0..1", paramLabel = "false", description = "print the version and end")
    private boolean version;

    @Option(names = "-help", usageHelp = true, description = "this page")
    private boolean help;

    private final PrintStream out;
    private final Map<String, String> environment;

    CommandServe(PrintStream out, Map<String, String> environment) {
        this.out = out;
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (version) {
            out.println(Version.current().line());
            return ExitCode.OK.number();
        }
        var reader = new SettingsReader(flags(), environment);
        LoadResult.Loaded loaded = Turntable.load(reader.sources(), environment);
        Config config = loaded.config();
        Settings settings = reader.settings(config.turntable());
        Signals signals = Signals.heard();
        try (Turntable turntable = Turntable.start(settings, loaded, environment, out)) {
            signals.tell(turntable);
            Banner.print(out, settings, config, turntable.listening());
            turntable.awaitSignal();
        }
        return ExitCode.OK.number();
    }

    private Map<String, String> flags() {
        var flags = new LinkedHashMap<String, String>();
        put(flags, "config", config);
        put(flags, "config-dir", configDir);
        put(flags, "listen", listen);
        put(flags, "data-dir", dataDir);
        put(flags, "durability", durability);
        put(flags, "tls-cert-file", tlsCertFile);
        put(flags, "tls-key-file", tlsKeyFile);
        if (watchConfig) {
            flags.put("watch-config", "true");
        }
        return flags;
    }

    private static void put(Map<String, String> flags, String name, String value) {
        if (value != null) {
            flags.put(name, value);
        }
    }
}
