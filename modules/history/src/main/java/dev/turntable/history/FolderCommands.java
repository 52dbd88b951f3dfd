package dev.turntable.history;

import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.Journals;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Questions to the record (docs/http-api.md) from the command line, on the data folder of a live server or on a copy: {@code history},
 * {@code swaps}, {@code state}, {@code why} and {@code journal …}. Everything but {@code journal import} opens the folder read-only.
 */
public final class FolderCommands {
    /** First words this class answers to. */
    public static final List<String> NAMES = List.of("history", "swaps", "state", "why", "journal");

    /** The read models' file within a data folder. */
    public static final String MODELS_FILE = "history.idx";

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int FOLDER = 5;

    private static final Set<String> FILTERS = Set.of(
            "after", "before", "from", "to", "type", "model", "run", "request", "swap", "actor", "order", "limit");

    private final Path defaultFolder;
    private final PrintStream out;
    private final PrintStream err;

    /** {@code defaultFolder} is looked into unless {@code -data-dir} names another. */
    public FolderCommands(Path defaultFolder, PrintStream out, PrintStream err) {
        this.defaultFolder = defaultFolder;
        this.out = out;
        this.err = err;
    }

    /** Runs {@code words}, of which the first is one of {@link #NAMES}. Returns 0 done, 1 not found or at fault, 2 usage, 5 folder. */
    public int run(List<String> words) {
        String name = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        try {
            if (rest.stream().anyMatch(word -> word.matches("--?h(elp)?"))) {
                out.print(CommandHelp.of(name));
                return DONE;
            }
            return switch (name) {
                case "history" -> history(rest);
                case "swaps" -> swaps(rest);
                case "state" -> state(rest);
                case "why" -> why(rest);
                case "journal" -> new JournalCommand(defaultFolder, out).run(rest);
                default -> throw new CommandLineWords.UsageException("unknown command " + name);
            };
        } catch (CommandLineWords.UsageException e) {
            err.println("turntable " + name + ": " + e.getMessage());
            err.println("Try: turntable " + name + " --help");
            return USAGE;
        } catch (HistoryException e) {
            err.println("turntable " + name + ": " + e.getMessage());
            return e.code() == HistoryException.Code.BAD_FILTER ? USAGE : FAILED;
        } catch (JournalException e) {
            err.println("turntable " + name + ": " + e.getMessage());
            return FOLDER;
        }
    }

    static Path folder(CommandLineWords words, Path otherwise) {
        return words.last("data-dir").map(Path::of).orElse(otherwise);
    }

    private interface Question {
        int ask(History history);
    }

    private int ask(CommandLineWords words, Question question) {
        Path folder = folder(words, defaultFolder);
        try (Journal journal = Journals.openReadOnly(folder);
                History history = History.look(journal, folder.resolve(MODELS_FILE))) {
            return question.ask(history);
        }
    }

    private int history(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, with(FILTERS, "data-dir"), Set.of("json"));
        refuse(words.rest());
        return ask(words, history -> {
            HistoryQuery.Page page = history.query().page(HistoryFilter.parse(words.parameters(FILTERS)));
            for (ShownEvent event : page.events()) {
                out.println(words.has("json") ? text(event) : FolderText.line(event));
            }
            if (!page.events().isEmpty() && !words.has("json")) {
                String more = words.last("order").filter("desc"::equals).isPresent() ? "-before " : "-after ";
                out.println("# go on with " + more + page.next());
            }
            return DONE;
        });
    }

    private int swaps(List<String> rest) {
        Set<String> filters = Set.of("model", "before", "limit");
        CommandLineWords words = CommandLineWords.parse(rest, with(filters, "data-dir"), Set.of("json"));
        return ask(words, history -> {
            for (String id : words.rest()) {
                Swap swap = history.swaps().get(id);
                out.print(words.has("json") ? text(swap) + "\n" : FolderText.timeline(swap));
            }
            if (words.rest().isEmpty()) {
                for (Swap swap : history.swaps().list(words.parameters(filters)).swaps()) {
                    out.println(words.has("json") ? text(swap) : FolderText.line(swap));
                }
            }
            return DONE;
        });
    }

    private int state(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, Set.of("at", "data-dir"), Set.of("json"));
        refuse(words.rest());
        try (Journal journal = Journals.openReadOnly(folder(words, defaultFolder))) {
            Moment moment = new StateAt(journal).at(words.last("at"));
            out.print(words.has("json") ? text(moment) + "\n" : FolderText.table(moment));
            return DONE;
        }
    }

    private int why(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, Set.of("model", "request", "data-dir"), Set.of("json"));
        Map<String, List<String>> parameters = words.parameters(Set.of("model", "request"));
        Optional<String> bare = words.rest().stream().findFirst();
        bare.ifPresent(word -> parameters.put(word.matches("r-\\d+") ? "request" : "model", List.of(word)));
        return ask(words, history -> {
            Because because = history.why().ask(parameters);
            if (words.has("json")) {
                out.println(text(because));
                return DONE;
            }
            out.println(because.answer());
            because.chain().forEach(event -> out.println("  " + FolderText.line(event)));
            return DONE;
        });
    }

    static void refuse(List<String> rest) {
        if (!rest.isEmpty()) {
            throw new CommandLineWords.UsageException("unexpected " + rest.getFirst());
        }
    }

    private static Set<String> with(Set<String> names, String more) {
        Set<String> all = new HashSet<>(names);
        all.add(more);
        return all;
    }

    private static String text(Answer answer) {
        return new String(answer.json(), StandardCharsets.UTF_8);
    }
}
