package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Builds a journal from the lines that {@link JournalCheck#export} wrote. It gets a lineage of its own; seqs, times and server runs stay,
 * epochs are numbered anew, and a gap in the lines stays a labelled gap.
 */
public final class JournalImport {
    private static final RecordCodec<Commit> LINES = RecordCodec.of(Commit.class);

    private final Volume volume;
    private final JournalOptions options;
    private final CommitCodec.FrameBuffer buffer = new CommitCodec.FrameBuffer();
    private final Frame.Sums sums = new Frame.Sums();
    private final byte[] chain = new byte[Frame.CHAIN_LENGTH];
    private Epoch epoch;
    private long last;
    private Instant time = Instant.EPOCH;
    private long commits;

    private JournalImport(Volume volume, JournalOptions options) {
        this.volume = volume;
        this.options = options;
    }

    /**
     * Imports into a data folder that has no journal yet, and returns how many commits there were.
     *
     * @throws JournalException IN_USE when there is a journal already, UNREADABLE for lines that are no commits in order
     */
    public static long into(Path dataFolder, InputStream lines) {
        try (Volume volume = FileVolume.forWriting(dataFolder)) {
            return into(volume, lines);
        }
    }

    static long into(Volume volume, InputStream lines) {
        if (Recovery.birth(volume).isPresent()) {
            throw new JournalException(JournalException.Code.IN_USE, "there is a journal already");
        }
        return new JournalImport(volume, JournalOptions.defaults().withVersion("import")).run(lines);
    }

    private long run(InputStream lines) {
        Recovery.bear(volume);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                add(LINES.decode(line.getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            finish();
        }
        return commits;
    }

    private void add(Commit commit) {
        if (epoch == null) {
            epoch = Recovery.create(volume, options, 1, commit.seq(), chain, time, 0);
        } else if (commit.seq() != last + 1) {
            nextEpoch(commit);
        }
        if (commit.time().isBefore(time)) {
            throw new JournalException(
                    JournalException.Code.UNREADABLE, "commit " + commit.seq() + " is older than the one before");
        }
        int payload = CommitCodec.CURRENT.encode(commit.fact(), commit.decisions(), buffer);
        long micros = Times.micros(commit.time());
        sums.seal(
                buffer.bytes(),
                payload,
                new Frame.Header(
                        commit.seq(), micros, commit.monotonicNanos(), epoch.number(), commit.serverRun(), (byte) 0),
                chain);
        epoch.log().append(buffer.bytes(), buffer.length(), micros / 1000);
        last = commit.seq();
        time = commit.time();
        commits++;
    }

    private void nextEpoch(Commit commit) {
        if (commit.seq() <= last) {
            throw new JournalException(
                    JournalException.Code.UNREADABLE, "commit " + commit.seq() + " stands after " + last);
        }
        epoch.log().force();
        epoch.close();
        epoch.seal(last, chain, time, "imported");
        epoch = Recovery.create(
                volume, options, epoch.number() + 1, commit.seq(), chain, time, commit.seq() - last - 1);
    }

    private void finish() {
        if (epoch != null) {
            epoch.log().force();
            epoch.markClean(last, chain);
            epoch.close();
        }
    }
}
