package dev.turntable.app.cli;

import dev.turntable.app.ExitCode;
import dev.turntable.app.StartException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParameterException;

/**
 * The command table: which words {@code turntable} understands, how an error becomes one line and an exit code.
 *
 * <p>Serving is what happens without a command. A new command is one class and one line in {@link #standard}.
 */
public final class Commands {
    private final CommandLine serve;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    private Commands(CommandLine serve, PrintStream out, PrintStream err, Map<String, String> environment) {
        this.serve = serve;
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** Every command there is. */
    public static Commands standard(PrintStream out, PrintStream err, Map<String, String> environment) {
        var serve = new CommandLine(new CommandServe(out, environment));
        serve.addSubcommand(new CommandCheckConfig(out, err, environment));
        serve.addSubcommand(new CommandWhatif(out, err, environment));
        serve.addSubcommand(new CommandAdvise(out, err, environment));
        CommandFolder.nameIn(serve);
        serve.addSubcommand(new CommandDemoUpstream());
        serve.addSubcommand(new CommandSim());
        serve.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        serve.setUsageHelpWidth(110);
        serve.setColorScheme(new ColorScheme.Builder(Ansi.OFF).build());
        serve.setOut(new PrintWriter(out, true));
        serve.setErr(new PrintWriter(err, true));
        serve.setOverwrittenOptionsAllowed(true);
        serve.setPosixClusteredShortOptionsAllowed(false);
        serve.setTrimQuotes(false);
        serve.setAllowOptionsAsOptionParameters(true);
        serve.setExpandAtFiles(false);
        serve.setInterpolateVariables(false);
        return new Commands(serve, out, err, environment);
    }

    private static Map<String, String> exitCodes() {
        var table = new LinkedHashMap<String, String>();
        for (ExitCode code : ExitCode.values()) {
            table.put(" " + code.number(), code.meaning());
        }
        return table;
    }

    /** Runs the command these words name and returns the exit code. */
    public int run(String... words) {
        if (words.length > 0 && words[0].equals(CommandDemoUpstream.NAME)) {
            return CommandDemoUpstream.run(words);
        }
        if (words.length > 0 && words[0].equals(CommandSim.NAME)) {
            return CommandSim.run(out, err, words);
        }
        if (words.length > 0 && CommandFolder.answersTo(words[0])) {
            return CommandFolder.run(out, err, environment, words);
        }
        try {
            List<String> normal = normalise(List.of(words));
            serve.setParameterExceptionHandler((e, _) -> usage(e));
            serve.setExecutionExceptionHandler((e, _, _) -> failure(e));
            return serve.execute(normal.toArray(String[]::new));
        } catch (ParameterException e) {
            return usage(e);
        } catch (StartException e) {
            err.println("turntable: " + e.getMessage());
            return e.exitCode().number();
        }
    }

    private void ignored(String line) {
        err.println("turntable: " + line);
    }

    private List<String> normalise(List<String> words) {
        CommandLine command = words.isEmpty() ? null : serve.getSubcommands().get(words.getFirst());
        if (command == null) {
            return GoFlags.normalise(serve, words, this::ignored);
        }
        var normal = new ArrayList<String>();
        normal.add(words.getFirst());
        normal.addAll(GoFlags.normalise(command, words.subList(1, words.size()), this::ignored));
        return normal;
    }

    private int usage(ParameterException e) {
        err.println("turntable: " + e.getMessage());
        e.getCommandLine().usage(err);
        return ExitCode.USAGE.number();
    }

    private int failure(Exception e) throws Exception {
        if (e instanceof StartException start) {
            err.println("turntable: " + start.getMessage());
            return start.exitCode().number();
        }
        throw e; // ours to mend: let the trace be seen
    }
}
