package dev.turntable.app.cli;

import dev.turntable.app.ConfigArchive;
import dev.turntable.app.SettingsReader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.journal.Journal;
import dev.turntable.whatif.Candidate;
import dev.turntable.whatif.Comparison;
import dev.turntable.whatif.WhatIf;
import dev.turntable.whatif.WhatIfException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code turntable whatif}: plays the record again under other policies; reads the data folder and writes nothing to it. */
@Command(
        name = "whatif",
        sortOptions = false,
        description = "play recorded traffic again under another policy, and compare",
        customSynopsis = {
            "turntable whatif [-from 7d] [-to TIME] [-config FILE]... [-set KEY=VALUE]... [-json] [-html FILE]",
            "turntable whatif -from 7d -set ttl=600 -set 'models.qwen.ttl=0,turntable.maxWait=10s'"
        },
        synopsisHeading = "",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:answered",
            "  1:a candidate does not validate",
            "  2:the command line is wrong",
            "  5:the data folder holds no journal that can be read whole",
            "  6:nobody asked for anything in that span",
            "  7:a model that only the record knows, or only the candidate",
            "130:interrupted; what is printed is partial"
        })
final class CommandWhatif implements Callable<Integer> {
    @Option(
            names = "-from",
            paramLabel = "TIME",
            defaultValue = "7d",
            description =
                    "where the span begins: 7d, 36h before the newest commit, or 2026-11-23T08:00:00Z; default 7d")
    private String from;

    @Option(names = "-to", paramLabel = "TIME", description = "where it ends; default: with the record")
    private String to;

    @Option(names = "-config", paramLabel = "FILE", description = "a configuration to try; each is a candidate")
    private List<String> configs = List.of();

    @Option(
            names = "-set",
            paramLabel = "KEY=VALUE,…",
            description = "changes to the recorded configuration to try; each -set is a candidate")
    private List<String> sets = List.of();

    @Option(names = "-memory", paramLabel = "DEVICE=SIZE", description = "another amount of memory to try")
    private List<String> memory = List.of();

    @Option(names = "-assume", paramLabel = "NAME=VALUE", description = "replaces an assumption, see the answer's end")
    private List<String> assume = List.of();

    @Option(names = "-seed", paramLabel = "N", defaultValue = "1", description = "of what is drawn; default 1")
    private long seed;

    @Option(names = "-json", description = "answer in JSON")
    private boolean json;

    @Option(names = "-html", paramLabel = "FILE", description = "write a page with charts, too")
    private String html;

    @Option(names = "-data-dir", paramLabel = "DIR", description = "the data folder of a server, or a copy of one")
    private String dataDir;

    @Option(names = "-help", usageHelp = true, description = "this page")
    private boolean help;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    CommandWhatif(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        try {
            return answer();
        } catch (WhatIfException e) {
            err.println("turntable whatif: " + e.getMessage());
            return e.kind().exitCode();
        }
    }

    private int answer() {
        Path folder = dataDir == null ? new SettingsReader(Map.of(), environment).dataDir() : Path.of(dataDir);
        List<Candidate> candidates = new ArrayList<>();
        configs.forEach(file -> candidates.add(Candidate.whole(file, ConfigSources.file(file), environment)));
        sets.forEach(set -> candidates.add(Candidate.changed(set, environment)));
        if (!memory.isEmpty()) {
            err.println("turntable whatif: -memory " + memory.getFirst()
                    + ": this version does not know how much memory a model takes, so no other amount can be tried");
            return WhatIfException.Kind.REFUSED.exitCode();
        }
        var question = new WhatIf.Question(
                from,
                Optional.ofNullable(to),
                candidates,
                assume,
                seed,
                Runtime.getRuntime().availableProcessors());
        try (var progress = new Progress(err)) {
            Signals.onStop(progress::enough);
            return answer(folder, question, progress);
        } catch (IOException e) {
            err.println("turntable whatif: " + html + " cannot be written: " + e.getMessage());
            return WhatIfException.Kind.REFUSED.exitCode();
        }
    }

    private int answer(Path folder, WhatIf.Question question, Progress progress) throws IOException {
        try (Journal journal = WhatIf.open(folder)) {
            Comparison comparison = new WhatIf(journal, new ConfigArchive(folder)::find).ask(question, progress);
            progress.clear();
            if (html != null) {
                Files.writeString(Path.of(html), comparison.html());
            }
            out.print(json ? comparison.json() : comparison.text());
            out.flush();
            return comparison.isPartial() ? WhatIfException.Kind.INTERRUPTED.exitCode() : 0;
        }
    }
}
