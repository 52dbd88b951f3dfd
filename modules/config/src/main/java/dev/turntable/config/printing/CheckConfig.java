package dev.turntable.config.printing;

import dev.turntable.config.ConfigError;
import dev.turntable.config.ConfigWarning;
import dev.turntable.config.Redactor;
import dev.turntable.config.Value;
import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code check-config} command: reads files as the server would, starts nothing, and says all that is wrong with them. */
public final class CheckConfig {
    /** What the command leaves behind; exit code 0 is good, 1 a bad configuration, 2 a bad command line. */
    public record Outcome(int exitCode, String out, String err) {}

    private static final String USAGE = """
            usage: turntable check-config [--print] [--json] [-config FILE] [-config-dir DIR] [FILE…]

            Checks each FILE (or folder of files) on its own; -config and -config-dir are merged, as the server does.
              --print   show the effective configuration, secrets masked
              --json    answer in JSON
            Exit codes: 0 all good, 1 something is wrong, 2 the command line is.
            """;

    private final Map<String, String> environment;
    private boolean print;
    private boolean json;
    private Optional<String> config = Optional.empty();
    private Optional<String> directory = Optional.empty();
    private final List<String> files = new ArrayList<>();

    private CheckConfig(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Runs the command.
     *
     * @param args what follows {@code check-config}
     * @param environment for {@code ${env.NAME}}
     */
    public static Outcome run(List<String> args, Map<String, String> environment) {
        CheckConfig check = new CheckConfig(environment);
        if (args.contains("-help") || args.contains("--help") || args.contains("-h")) {
            return new Outcome(0, USAGE, "");
        }
        Optional<String> mistake = check.read(args);
        return mistake.map(text -> new Outcome(2, "", text + "\n" + USAGE)).orElseGet(check::all);
    }

    private Optional<String> read(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            String name = arg.startsWith("--") ? arg.substring(1) : arg;
            switch (name) {
                case "-print" -> print = true;
                case "-json" -> json = true;
                case "-config", "-config-dir" -> {
                    if (++i == args.size()) {
                        return Optional.of("flag needs an argument: " + name);
                    }
                    config = name.equals("-config") ? Optional.of(args.get(i)) : config;
                    directory = name.equals("-config-dir") ? Optional.of(args.get(i)) : directory;
                }
                default -> {
                    if (arg.startsWith("-")) {
                        return Optional.of("unknown flag: " + arg);
                    }
                    files.add(arg);
                }
            }
        }
        boolean nothing = files.isEmpty() && config.isEmpty() && directory.isEmpty();
        return nothing ? Optional.of("no file to check") : Optional.empty();
    }

    private Outcome all() {
        List<Checked> results = new ArrayList<>();
        if (config.isPresent() || directory.isPresent()) {
            results.add(check(config.or(() -> directory).get(), new ConfigSources(config, directory, List.of())));
        }
        files.forEach(file -> results.add(check(
                file, Files.isDirectory(Path.of(file)) ? ConfigSources.directory(file) : ConfigSources.file(file))));
        boolean good = results.stream().allMatch(checked -> checked.result() instanceof LoadResult.Loaded);
        return json ? json(results, good) : text(results, good);
    }

    private record Checked(String name, LoadResult result) {}

    private Checked check(String name, ConfigSources sources) {
        return new Checked(name, ConfigLoader.load(sources, LoadOptions.of(environment)));
    }

    private Outcome text(List<Checked> results, boolean good) {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        for (Checked checked : results) {
            switch (checked.result()) {
                case LoadResult.Loaded loaded -> {
                    loaded.warnings().forEach(warning -> err.append("warning: ")
                            .append(warning.oneLine())
                            .append('\n'));
                    out.append(
                            print
                                    ? ConfigPrinter.yaml(loaded.config())
                                    : checked.name() + ": ok\n" + ConfigSummary.text(loaded.config()));
                }
                case LoadResult.Refused refused -> {
                    int count = refused.errors().size();
                    refused.warnings().forEach(warning -> err.append("warning: ")
                            .append(warning.oneLine())
                            .append('\n'));
                    err.append(checked.name()).append(": ").append(count).append(count == 1 ? " error\n" : " errors\n");
                    refused.errors()
                            .forEach(error ->
                                    err.append('\n').append(error.render()).append('\n'));
                }
            }
        }
        return new Outcome(good ? 0 : 1, out.toString(), err.toString());
    }

    private Outcome json(List<Checked> results, boolean good) {
        List<Value> entries = new ArrayList<>();
        for (Checked checked : results) {
            Tree entry = new Tree(Redactor.NONE).put("file", checked.name());
            switch (checked.result()) {
                case LoadResult.Loaded loaded -> {
                    entry.put("ok", true).put("errors", new Value.Items(List.of()));
                    entry.put(
                            "warnings",
                            new Value.Items(loaded.warnings().stream()
                                    .map(CheckConfig::warning)
                                    .toList()));
                    entry.put("summary", ConfigSummary.tree(loaded.config()));
                    if (print) {
                        entry.put("effective", ConfigPrinter.effective(loaded.config()));
                    }
                }
                case LoadResult.Refused refused ->
                    entry.put("ok", false)
                            .put(
                                    "errors",
                                    new Value.Items(refused.errors().stream()
                                            .map(CheckConfig::error)
                                            .toList()))
                            .put(
                                    "warnings",
                                    new Value.Items(refused.warnings().stream()
                                            .map(CheckConfig::warning)
                                            .toList()));
            }
            entries.add(entry.done());
        }
        Value.Fields all = new Tree(Redactor.NONE)
                .put("ok", good)
                .put("files", new Value.Items(entries))
                .done();
        return new Outcome(good ? 0 : 1, Json.pretty(all), "");
    }

    private static Value error(ConfigError e) {
        return finding(e.message(), e.file(), e.line(), e.column(), e.snippet(), e.hint());
    }

    private static Value warning(ConfigWarning w) {
        return finding(w.message(), w.file(), w.line(), w.column(), w.snippet(), w.hint());
    }

    private static Value finding(String message, String file, int line, int column, String snippet, String hint) {
        return new Tree(Redactor.NONE)
                .put("message", message)
                .put("file", file)
                .put("line", line)
                .put("column", column)
                .put("snippet", snippet)
                .put("hint", hint)
                .done();
    }
}
