package dev.turntable.app.cli;

import dev.turntable.app.ExitCode;
import dev.turntable.app.SettingsReader;
import dev.turntable.config.ConfigError;
import dev.turntable.config.ConfigLoader;
import dev.turntable.config.ConfigSources;
import dev.turntable.config.ConfigWarning;
import dev.turntable.config.LoadOptions;
import dev.turntable.config.LoadResult;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code turntable check-config FILE}: reads a configuration as the server would, starts nothing, and says all that is wrong. */
@Command(
        name = "check-config",
        description = "read a configuration and say all that is wrong with it",
        customSynopsis = "turntable check-config [-config-dir DIR] [FILE]",
        synopsisHeading = "",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it can be served", "1:it cannot"})
final class CommandCheckConfig implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the YAML file")
    private String file;

    @Option(names = "-config", paramLabel = "FILE", description = "the same")
    private String config;

    @Option(names = "-config-dir", paramLabel = "DIR", description = "a folder of files that are merged in")
    private String configDir;

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
        var flags = new LinkedHashMap<String, String>();
        String named = file == null ? config : file;
        if (named != null) {
            flags.put("config", named);
        }
        if (configDir != null) {
            flags.put("config-dir", configDir);
        }
        ConfigSources sources = new SettingsReader(flags, environment).sources();
        return switch (ConfigLoader.load(sources, LoadOptions.of(environment))) {
            case LoadResult.Loaded loaded -> {
                loaded.warnings().stream().map(ConfigWarning::oneLine).forEach(line -> out.println("warning: " + line));
                int models = loaded.config().models().size();
                out.println("ok: " + models + (models == 1 ? " model" : " models"));
                yield ExitCode.OK.number();
            }
            case LoadResult.Refused refused -> {
                refused.errors().stream().map(ConfigError::render).forEach(err::println);
                yield ExitCode.CONFIG.number();
            }
        };
    }
}
