package dev.turntable.journal;

import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Folded states as small files, {@code snapshots/<seq>.snap}: one line of JSON, then the state.
 *
 * <pre>
 * {"lineage":"…","seq":4711,"state_hash":"…","sha256":"…"}\n
 * state …
 * </pre>
 *
 * Files are replaced whole, so a reader sees all of one or nothing; a wrong checksum or lineage makes a file invisible.
 */
final class VolumeSnapshots implements Journal.Snapshots {
    static final String FOLDER = "snapshots/";
    private static final RecordCodec<Head> HEAD = RecordCodec.of(Head.class, MethodHandles.lookup());

    /** First line of a snapshot file. */
    record Head(String lineage, long seq, String stateHash, String sha256) {}

    private final Volume volume;
    private final String lineage;
    private final int kept;
    private final LongConsumer force;

    /** {@code force} brings commits up to a seq to disk: a snapshot never knows more than the journal. */
    VolumeSnapshots(Volume volume, String lineage, int kept, LongConsumer force) {
        this.volume = volume;
        this.lineage = lineage;
        this.kept = kept;
        this.force = force;
    }

    @Override
    public synchronized void save(long seq, String stateHash, byte[] state) {
        force.accept(seq);
        byte[] head = HEAD.encode(new Head(lineage, seq, stateHash, sha256(state)));
        byte[] file = Arrays.copyOf(head, head.length + 1 + state.length);
        file[head.length] = '\n';
        System.arraycopy(state, 0, file, head.length + 1, state.length);
        volume.write(FOLDER + "%020d.snap".formatted(seq), file);
        List<String> names = volume.list(FOLDER);
        for (int i = 0; i < names.size() - kept; i++) {
            volume.delete(names.get(i));
        }
    }

    @Override
    public Optional<Journal.Snapshot> newest(long seq) {
        return volume.list(FOLDER).reversed().stream()
                .filter(name -> seqOf(name) <= seq)
                .flatMap(name -> volume.read(name).stream())
                .flatMap(file -> open(file).stream())
                .findFirst();
    }

    /** Seq of the newest snapshot; 0 if there is none. */
    long newestSeq() {
        List<String> names = volume.list(FOLDER);
        return names.isEmpty() ? 0 : seqOf(names.getLast());
    }

    private Optional<Journal.Snapshot> open(byte[] file) {
        int end = new String(file, StandardCharsets.ISO_8859_1).indexOf('\n');
        if (end < 0) {
            return Optional.empty();
        }
        try {
            Head head = HEAD.decode(file, 0, end);
            byte[] state = Arrays.copyOfRange(file, end + 1, file.length);
            return head.lineage().equals(lineage) && head.sha256().equals(sha256(state))
                    ? Optional.of(new Journal.Snapshot(head.seq(), head.stateHash(), state))
                    : Optional.empty();
        } catch (JournalException e) {
            return Optional.empty(); // damaged: an older one, or the whole fold, does as well
        }
    }

    /** The seq in a file's name; greater than any when the name is none of ours. */
    static long seqOf(String name) {
        try {
            return Long.parseLong(name.substring(FOLDER.length()).replace(".snap", ""));
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
