package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.ModelId;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.RecordCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The read models as they lie in one file beside the journal, so that a start does not fold a million commits again.
 *
 * <pre>
 *  magic "TTHIST04" · lineage (UTF) · seq and time of the last commit folded in · index · length and JSON of the models · CRC-32C of all before
 * </pre>
 *
 * The file is a copy of what the journal says, nothing more: when it is missing, damaged, or belongs to another journal, it is left aside
 * and the models are folded again.
 */
record SavedModels(long seq, CommitIndex index, Models models) {
    private static final long MAGIC = 0x5454484953543034L;
    private static final RecordCodec<Models> CODEC = RecordCodec.of(Models.class, MethodHandles.lookup());

    /** Everything but the index. */
    record Models(
            Activity.Saved activity,
            List<Swap> swaps,
            Map<ModelId, List<Duration>> loads,
            List<OpenRequests.Open> open) {
        Models {
            swaps = List.copyOf(swaps);
            open = List.copyOf(open);
        }
    }

    void save(Path file, Journal journal) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeUTF(journal.status().lineage());
        out.writeLong(seq);
        out.writeUTF(stamp(journal, seq));
        index.save(out);
        byte[] json = CODEC.encode(models);
        out.writeInt(json.length);
        out.write(json);
        CRC32C crc = new CRC32C();
        crc.update(bytes.toByteArray());
        out.writeLong(crc.getValue());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(part, bytes.toByteArray());
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Empty when there is no file that fits this journal. */
    static Optional<SavedModels> load(Path file, Journal journal) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length - Long.BYTES);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            boolean whole = new DataInputStream(new ByteArrayInputStream(bytes, bytes.length - Long.BYTES, Long.BYTES))
                            .readLong()
                    == crc.getValue();
            if (!whole
                    || in.readLong() != MAGIC
                    || !in.readUTF().equals(journal.status().lineage())) {
                return Optional.empty();
            }
            long seq = in.readLong();
            if (seq > journal.head()
                    || seq < journal.earliest()
                    || !in.readUTF().equals(stamp(journal, seq))) {
                return Optional
                        .empty(); // the journal lost its tail after the file was written, or threw away more than it
                // had shown us
            }
            CommitIndex index = CommitIndex.load(in);
            return Optional.of(new SavedModels(seq, index, CODEC.decode(in.readNBytes(in.readInt()))));
        } catch (IOException | IndexOutOfBoundsException | JournalException e) {
            return Optional.empty();
        }
    }

    /** Tells a commit from another one that took its seq after a crash. */
    private static String stamp(Journal journal, long seq) {
        try (Journal.Reader reader = journal.read(seq)) {
            Commit commit = reader.next();
            return commit.time() + "/" + commit.serverRun() + "/" + commit.monotonicNanos();
        }
    }
}
