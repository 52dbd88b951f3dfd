package dev.turntable.app.cli;

import dev.turntable.app.ConfigArchive;
import dev.turntable.app.SettingsReader;
import dev.turntable.journal.Journal;
import dev.turntable.whatif.Advice;
import dev.turntable.whatif.WhatIf;
import dev.turntable.whatif.WhatIfException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code turntable advise}: tries the sensible changes on recorded traffic and names those that would have paid. */
@Command(
        name = "advise",
        sortOptions = false,
        description = "name the changes that recorded traffic says would pay",
        customSynopsis = "turntable advise [-from 7d] [-to TIME] [-json]",
        synopsisHeading = "",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:answered, also when nothing would help",
            "  1:the recorded configuration is not kept in the data folder",
            "  2:the command line is wrong",
            "  5:the data folder holds no journal that can be read whole",
            "  6:nobody asked for anything in that span",
            "130:interrupted; what is printed is partial"
        })
final class CommandAdvise implements Callable<Integer> {
    @Option(
            names = "-from",
            paramLabel = "TIME",
            defaultValue = "7d",
            description =
                    "where the span begins: 7d, 36h before the newest commit, or 2026-11-23T08:00:00Z; default 7d")
    private String from;

    @Option(names = "-to", paramLabel = "TIME", description = "where it ends; default: with the record")
    private String to;

    @Option(names = "-assume", paramLabel = "NAME=VALUE", description = "replaces an assumption, see turntable whatif")
    private List<String> assume = List.of();

    @Option(names = "-json", description = "answer in JSON")
    private boolean json;

    @Option(names = "-data-dir", paramLabel = "DIR", description = "the data folder of a server, or a copy of one")
    private String dataDir;

    @Option(names = "-help", usageHelp = true, description = "this page")
    private boolean help;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    CommandAdvise(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Path folder = dataDir == null ? new SettingsReader(Map.of(), environment).dataDir() : Path.of(dataDir);
        var question = new WhatIf.Question(
                from,
                Optional.ofNullable(to),
                List.of(),
                assume,
                1,
                Runtime.getRuntime().availableProcessors());
        try (var progress = new Progress(err)) {
            Signals.onStop(progress::enough);
            return answer(folder, question, progress);
        } catch (WhatIfException e) {
            err.println("turntable advise: " + e.getMessage());
            return e.kind().exitCode();
        }
    }

    private int answer(Path folder, WhatIf.Question question, Progress progress) {
        try (Journal journal = WhatIf.open(folder)) {
            Advice advice =
                    new WhatIf(journal, new ConfigArchive(folder)::find).advise(question, environment, progress);
            progress.clear();
            out.print(json ? advice.json() : advice.text());
            out.flush();
            return advice.isPartial() ? WhatIfException.Kind.INTERRUPTED.exitCode() : 0;
        }
    }
}
