package dev.turntable.history;

import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalCheck;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.JournalImport;
import dev.turntable.journal.Journals;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code turntable journal verify|dump|replay|export|import}. */
final class JournalCommand {
    private final Path defaultFolder;
    private final PrintStream out;

    JournalCommand(Path defaultFolder, PrintStream out) {
        this.defaultFolder = defaultFolder;
        this.out = out;
    }

    int run(List<String> words) {
        if (words.isEmpty()) {
            throw new CommandLineWords.UsageException("say verify, dump, replay, export or import");
        }
        List<String> rest = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "verify" -> verify(rest);
            case "dump" -> dump(rest);
            case "replay" -> replay(rest);
            case "export" -> export(rest);
            case "import" -> bringIn(rest);
            default ->
                throw new CommandLineWords.UsageException(
                        "unknown: " + words.getFirst() + "; say verify, dump, replay, export or import");
        };
    }

    private Path folder(CommandLineWords words) {
        return FolderCommands.folder(words, defaultFolder);
    }

    /** Frames, checksums, chain and density first; then everything is decided again. */
    private int verify(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, Set.of("data-dir"), Set.of());
        FolderCommands.refuse(words.rest());
        JournalCheck.Report frames;
        try (JournalCheck check = JournalCheck.open(folder(words))) {
            frames = check.verify(_ -> {});
        }
        out.printf("lineage %s, commits %d to %d%n", frames.lineage(), frames.earliest(), frames.head());
        frames.gaps().forEach(gap -> out.println("gap: " + gap));
        frames.faults().forEach(fault -> out.println("FAULT: " + fault));
        out.printf(
                "checksums, chain, density and time: %s, %d commits%n",
                frames.isWhole() ? "whole" : "DAMAGED", frames.commits());
        try (Journal journal = Journals.openReadOnly(folder(words))) {
            Verification.Report again = Verification.of(journal);
            again.faults().forEach(fault -> out.println("FAULT: " + fault));
            out.printf(
                    "decided again: %s, %d commits from %d on%s%n",
                    again.agrees() ? "the same" : "DIFFERS",
                    again.commits(),
                    again.first(),
                    again.onlyRead() == 0 ? "" : ", of which " + again.onlyRead() + " by other rules were only read");
            out.println("state hash " + again.stateHash());
            return frames.isWhole() && again.agrees() ? FolderCommands.DONE : FolderCommands.FAILED;
        }
    }

    private int dump(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, Set.of("data-dir"), Set.of());
        FolderCommands.refuse(words.rest());
        try (JournalCheck check = JournalCheck.open(folder(words))) {
            check.dump(out);
            return FolderCommands.DONE;
        }
    }

    private int replay(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, Set.of("data-dir", "to"), Set.of());
        FolderCommands.refuse(words.rest());
        try (Journal journal = Journals.openReadOnly(folder(words))) {
            Moment moment = new StateAt(journal).at(words.last("to"));
            out.println("commit " + moment.seq() + ", " + moment.time());
            out.println("state hash " + moment.stateHash());
            return FolderCommands.DONE;
        }
    }

    /** A line of JSON for each commit, to a file or to standard output. */
    private int export(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, Set.of("data-dir"), Set.of());
        Optional<String> file = words.rest().stream().findFirst();
        try (JournalCheck check = JournalCheck.open(folder(words));
                OutputStream to = new BufferedOutputStream(
                        file.isPresent() ? Files.newOutputStream(Path.of(file.get())) : unclosed())) {
            long commits = check.export(to);
            if (file.isPresent()) {
                out.println(commits + " commits written to " + file.get());
            }
            return FolderCommands.DONE;
        } catch (IOException e) {
            throw new JournalException(JournalException.Code.FAILED, "cannot write: " + e.getMessage(), e);
        }
    }

    private OutputStream unclosed() {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    /** Builds a journal in a folder that has none, with a lineage of its own. */
    private int bringIn(List<String> rest) {
        CommandLineWords words = CommandLineWords.parse(rest, Set.of("data-dir"), Set.of());
        if (words.rest().size() != 1) {
            throw new CommandLineWords.UsageException("import needs one file, as export wrote it");
        }
        try (InputStream lines = Files.newInputStream(Path.of(words.rest().getFirst()))) {
            Files.createDirectories(folder(words));
            out.println(JournalImport.into(folder(words), lines) + " commits read into " + folder(words));
            return FolderCommands.DONE;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Code.UNREADABLE,
                    "cannot read " + words.rest().getFirst() + ": " + e.getMessage(),
                    e);
        }
    }
}
