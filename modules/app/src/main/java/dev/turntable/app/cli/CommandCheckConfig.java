package dev.turntable.app.cli;

import dev.turntable.app.SettingsReader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.printing.CheckConfig;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code turntable check-config FILE}: reads configurations as the server would, starts nothing, and says all that is wrong. */
@Command(
        name = "check-config",
        description = "read a configuration and say all that is wrong with it",
        customSynopsis = "turntable check-config [-print] [-json] [-config FILE] [-config-dir DIR] [FILE...]",
        synopsisHeading = "",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all can be served", "1:one cannot"})
final class CommandCheckConfig implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "YAML files or folders, each checked on its own")
    private List<String> files = List.of();

    @Option(names = "-config", paramLabel = "FILE", description = "a file, read together with -config-dir")
    private String config;

    @Option(names = "-config-dir", paramLabel = "DIR", description = "a folder of files that are merged in")
    private String configDir;

    @Option(names = "-print", description = "show the effective configuration, secrets masked")
    private boolean print;

    @Option(names = "-json", description = "answer in JSON")
    private boolean json;

    @Option(names = "-help", usageHelp = true, description = "this page")
    private boolean help;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    CommandCheckConfig(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var args = new ArrayList<String>();
        if (print) {
            args.add("-print");
        }
        if (json) {
            args.add("-json");
        }
        if (files.isEmpty() || config != null || configDir != null) {
            sources(args);
        }
        args.addAll(files);
        CheckConfig.Outcome outcome = CheckConfig.run(args, environment);
        out.print(outcome.out());
        err.print(outcome.err());
        return outcome.exitCode();
    }

    /** What the server would read with these flags and this environment. */
    private void sources(List<String> args) {
        var flags = new LinkedHashMap<String, String>();
        if (config != null) {
            flags.put("config", config);
        }
        if (configDir != null) {
            flags.put("config-dir", configDir);
        }
        ConfigSources sources = new SettingsReader(flags, environment).sources();
        sources.config().ifPresent(file -> args.addAll(List.of("-config", file)));
        sources.directory().ifPresent(folder -> args.addAll(List.of("-config-dir", folder)));
    }
}
