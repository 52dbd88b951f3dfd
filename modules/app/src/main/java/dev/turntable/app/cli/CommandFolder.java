package dev.turntable.app.cli;

import dev.turntable.app.SettingsReader;
import dev.turntable.history.FolderCommands;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code turntable history|swaps|state|why|journal}: questions to a data folder, which {@code history} answers in its own syntax. */
final class CommandFolder {
    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "history", "page through everything that happened",
            "swaps", "list swaps, or show the timeline of one",
            "state", "show every model, lease and waiting request as it is or was",
            "why", "say why a request waited or failed, why a model is loaded or not",
            "journal", "verify, dump, replay, export or import the journal");

    private CommandFolder() {}

    /** Names them in the help page. */
    static void nameIn(CommandLine serve) {
        for (String name : FolderCommands.NAMES) {
            CommandSpec spec = CommandSpec.create().name(name);
            spec.usageMessage().description(DESCRIPTIONS.getOrDefault(name, ""));
            serve.addSubcommand(name, new CommandLine(spec));
        }
    }

    static boolean answersTo(String word) {
        return FolderCommands.NAMES.contains(word);
    }

    static int run(PrintStream out, PrintStream err, Map<String, String> environment, String... words) {
        var reader = new SettingsReader(Map.of(), environment);
        return new FolderCommands(reader.dataDir(), out, err).run(List.of(words));
    }
}
