package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to the files, what is read is a true beginning of what was written, and a missing rest is reported.
 *
 * <p>{@code -Dturntable.damage.rounds=100000} for the long run.
 */
class DamageTest {
    private static final int ROUNDS = Integer.getInteger("turntable.damage.rounds", 150);
    private static final int COMMITS = 600;

    @TempDir
    Path folder;

    @Test
    void noSilentGapInDamagedFiles() throws IOException {
        Path original = folder.resolve("original");
        try (Journal journal = Journals.open(FileVolume.forWriting(original, "boot-1"), JournalOptions.defaults())) {
            for (int i = 0; i < COMMITS; i++) {
                Commits.appendNext(journal);
            }
        }
        Path queue = Path.of("journal", "epoch-000001", cq4(original));
        long used = used(original.resolve(queue));
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(round);
            Path copy = folder.resolve("copy");
            copy(original, copy);
            String what = damage(copy.resolve(queue), used, random);
            String boot = random.nextBoolean() ? "boot-1" : "boot-2";
            look(copy, boot, "round " + round + ": " + what + ", " + boot);
            deleteAll(copy);
        }
    }

    private static void look(Path data, String boot, String what) {
        long good;
        try (JournalCheck check = JournalCheck.open(data)) {
            JournalCheck.Report report = check.verify(commit -> assertTrue(Commits.isTrue(commit), what));
            good = report.commits();
            assertTrue(good == COMMITS || !report.isWhole(), () -> what + ": only " + report.head() + " and no fault");
        }
        try (Journal journal = Journals.open(FileVolume.forWriting(data, boot), JournalOptions.defaults())) {
            List<Commit> commits = new ArrayList<>();
            boolean toldByReader = false;
            try (Journal.Reader reader = journal.read(1)) {
                while (reader.hasNext()) {
                    commits.add(reader.next());
                }
            } catch (JournalException e) {
                assertEquals(JournalException.Code.DAMAGED, e.code(), what);
                toldByReader = true;
            }
            for (int i = 0; i < commits.size(); i++) {
                assertEquals(i + 1, commits.get(i).seq(), what);
                assertTrue(Commits.isTrue(commits.get(i)), what);
            }
            boolean toldByRecovery = journal.status().recovery().startsWith("damaged");
            assertTrue(
                    commits.size() == COMMITS || toldByReader || toldByRecovery,
                    () -> what + ": " + commits.size() + " and no word");
            long head = journal.head();
            assertEquals(head + 1, Commits.appendNext(journal).seq(), what);
            try (Journal.Reader reader = journal.read(head + 1)) {
                assertTrue(Commits.isTrue(reader.next()), what);
            }
        }
    }

    private static String damage(Path file, long used, Random random) throws IOException {
        long at = random.nextLong(used);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    bytes.setLength(at);
                    return "cut at " + at;
                }
                case 1 -> {
                    bytes.seek(at);
                    int old = bytes.read();
                    bytes.seek(at);
                    int bit = random.nextInt(8);
                    bytes.write(old ^ 1 << bit);
                    return "bit " + bit + " flipped at " + at;
                }
                case 2 -> {
                    long page = at & -4096L;
                    bytes.seek(page);
                    bytes.write(new byte[4096]);
                    return "page lost at " + page;
                }
                default -> {
                    bytes.seek(at);
                    byte[] noise = new byte[1 + random.nextInt(200)];
                    random.nextBytes(noise);
                    bytes.write(noise);
                    return noise.length + " bytes of noise at " + at;
                }
            }
        }
    }

    private static String cq4(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal/epoch-000001"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long used(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int last = bytes.length;
        while (bytes[last - 1] == 0) {
            last--;
        }
        return last;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
