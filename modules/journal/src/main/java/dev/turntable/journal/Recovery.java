package dev.turntable.journal;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What happens to a journal when it is opened for writing, as a table of labelled cases.
 *
 * <pre>
 * case        newest epoch  damage  same boot  clean stop  then
 * FRESH       none          -       -          -           begin epoch 1
 * UNFINISHED  sealed        -       -          -           begin the next epoch (a seal was the last thing done)
 * DAMAGED     open          yes     -          -           seal at the last good commit, salvage the rest, begin the next epoch
 * CLEAN       open          no      yes        yes         go on in the epoch
 * KILLED      open          no      yes        no          go on in the epoch: the kernel kept what the process had written
 * REBOOTED    open          no      no         yes         seal, begin the next epoch
 * POWER_LOST  open          no      no         no          seal, begin the next epoch: what was not forced may be gone
 * </pre>
 *
 * Damage is: a torn, missing, reordered or edited frame; fewer commits than the clean stop recorded; or good frames that stand where
 * no reader gets to. An epoch is never written in another boot than its own, because pages that a power failure lost leave holes
 * behind which a queue would go on in silence (systemd-journal does the same).
 */
final class Recovery {
    private static final RecordCodec<Birth> BIRTH = RecordCodec.of(Birth.class, MethodHandles.lookup());
    private static final String BIRTH_FILE = "journal.json";
    private static final int SALVAGE_LIMIT = 64 << 20; // the damaged files themselves stay as they are

    /** How much of the newest file may lie behind a hole: several times what is ever unforced in standard mode. */
    private static final long UNFORCED_LIMIT = 64L << 20;

    enum Case {
        FRESH,
        UNFINISHED,
        DAMAGED,
        CLEAN,
        KILLED,
        REBOOTED,
        POWER_LOST
    }

    /** What stays the same through a journal's whole life, and how often a server opened it. */
    record Birth(String lineage, int runs) {}

    /** A journal ready to be appended to. {@code report} is one line for people. */
    record Opened(
            Case what,
            String lineage,
            int run,
            List<Epoch> epochs,
            long head,
            byte[] chain,
            long timeMicros,
            String report) {}

    private final Volume volume;
    private final JournalOptions options;

    private Recovery(Volume volume, JournalOptions options) {
        this.volume = volume;
        this.options = options;
    }

    static Opened open(Volume volume, JournalOptions options) {
        return new Recovery(volume, options).run();
    }

    /** Reads the birth record; empty when there is no journal. */
    static Optional<Birth> birth(Volume volume) {
        return volume.read(BIRTH_FILE).map(BIRTH::decode);
    }

    static List<Epoch> load(Volume volume) {
        List<Epoch> epochs = new ArrayList<>();
        for (int number : volume.epochs()) {
            Epoch.load(volume, number).ifPresent(epochs::add);
        }
        return epochs;
    }

    /** Names a new journal, or counts one more start of an old one. */
    static Birth bear(Volume volume) {
        Birth birth = birth(volume)
                .map(b -> new Birth(b.lineage(), b.runs() + 1))
                .orElseGet(() -> new Birth(volume.newLineage(), 1));
        volume.write(BIRTH_FILE, BIRTH.encode(birth));
        return birth;
    }

    private Opened run() {
        Birth birth = bear(volume);
        List<Epoch> epochs = load(volume);
        if (epochs.isEmpty()) {
            return begin(Case.FRESH, birth, epochs, 0, new byte[Frame.CHAIN_LENGTH], 0, 0, "a new journal");
        }
        Epoch newest = epochs.getLast();
        if (newest.sealed().isPresent()) {
            Epoch.Sealed end = newest.sealed().get();
            byte[] chain = HexFormat.of().parseHex(end.chain());
            return begin(
                    Case.UNFINISHED,
                    birth,
                    epochs,
                    end.last(),
                    chain,
                    Times.micros(end.time()),
                    0,
                    "the last epoch was sealed");
        }
        return examine(birth, epochs, newest);
    }

    private Opened examine(Birth birth, List<Epoch> epochs, Epoch newest) {
        boolean sameBoot = newest.begin().boot().equals(volume.boot());
        Optional<Epoch.Clean> clean = newest.clean();
        FrameLog log =
                volume.log(newest.number(), sameBoot, newest.begin().after().toEpochMilli());
        Scan scan = scan(newest, log);
        Optional<String> damage = scan.damage();
        if (damage.isEmpty() && clean.isPresent() && clean.get().last() != scan.last()) {
            damage = Optional.of("the clean stop was at commit " + clean.get().last() + ", but " + scan.last()
                    + " is the last one found");
        }
        TreeMap<Long, byte[]> stray = new TreeMap<>();
        if (!sameBoot || damage.isPresent()) {
            log.scanRaw(new Strays(scan.last(), stray), damage.isPresent() ? Long.MAX_VALUE : UNFORCED_LIMIT);
            if (damage.isEmpty() && !stray.isEmpty()) {
                damage = Optional.of(stray.size() + " commits stand behind a hole after commit " + scan.last());
            }
        }
        Case what = decide(damage.isPresent(), sameBoot, clean.isPresent());
        if (what == Case.CLEAN || what == Case.KILLED) {
            newest.opened(log, scan.marks());
            log.force(); // the kernel kept it through the end of the process, not yet through a power failure
            newest.markInUse();
            dropSnapshotsBehind(scan.last());
            return new Opened(
                    what,
                    birth.lineage(),
                    birth.runs(),
                    epochs,
                    scan.last(),
                    scan.chain(),
                    scan.timeMicros(),
                    report(what, scan, damage));
        }
        return seal(what, birth, epochs, newest, log, scan, damage, stray);
    }

    /** From the last saved mark on: what lies before was forced then. Later damage to it is found by whoever reads it, and by verify. */
    private Scan scan(Epoch epoch, FrameLog log) {
        Optional<byte[]> saved = epoch.savedMarks();
        if (saved.isPresent()) {
            Marks marks = Marks.of(saved.get());
            marks.trim(epoch.first());
            Scan scan = Scan.of(epoch, log, Scan.Depth.CHAIN, Optional.empty(), marks);
            if (scan.damage().isEmpty() && scan.last() >= epoch.first()) {
                return scan;
            }
        }
        Scan scan = Scan.of(epoch, log, Scan.Depth.CHAIN, Optional.empty());
        return scan.damage().isPresent() ? scan : findable(scan, log);
    }

    /** Every frame may be good and the queue's own index broken: then appending to it would break more. */
    private static Scan findable(Scan scan, FrameLog log) {
        Marks marks = scan.marks();
        try (FrameLog.Cursor cursor = log.cursor()) {
            for (int i = 0; i < marks.size(); i++) {
                cursor.moveTo(marks.get(i).address());
            }
            return scan;
        } catch (JournalException e) {
            return new Scan(
                    scan.last(), scan.chain(), scan.timeMicros(), Optional.of("the queue's index is broken"), marks);
        }
    }

    private static Case decide(boolean damage, boolean sameBoot, boolean clean) {
        if (damage) {
            return Case.DAMAGED;
        } else if (sameBoot) {
            return clean ? Case.CLEAN : Case.KILLED;
        }
        return clean ? Case.REBOOTED : Case.POWER_LOST;
    }

    private Opened seal(
            Case what,
            Birth birth,
            List<Epoch> epochs,
            Epoch newest,
            FrameLog log,
            Scan scan,
            Optional<String> damage,
            TreeMap<Long, byte[]> stray) {
        if (!stray.isEmpty()) {
            volume.write("salvage/epoch-%06d-after-%d.frames".formatted(newest.number(), scan.last()), together(stray));
        }
        log.close();
        String report = report(what, scan, damage) + (stray.isEmpty() ? "" : "; " + stray.size() + " commits salvaged");
        newest.seal(scan.last(), scan.chain(), Times.ofMicros(scan.timeMicros()), report);
        dropSnapshotsBehind(scan.last());
        return begin(what, birth, epochs, scan.last(), scan.chain(), scan.timeMicros(), 0, report);
    }

    private Opened begin(
            Case what,
            Birth birth,
            List<Epoch> epochs,
            long head,
            byte[] chain,
            long timeMicros,
            long lost,
            String report) {
        int number = volume.epochs().isEmpty() ? 1 : volume.epochs().getLast() + 1;
        epochs.add(create(volume, options, number, head + 1, chain, Times.ofMicros(timeMicros), lost));
        return new Opened(what, birth.lineage(), birth.runs(), epochs, head, chain.clone(), timeMicros, report);
    }

    static Epoch create(
            Volume volume, JournalOptions options, int number, long first, byte[] chain, Instant after, long lost) {
        Epoch epoch = Epoch.create(
                volume,
                new Epoch.Begin(
                        number, first, HexFormat.of().formatHex(chain), after, volume.boot(), options.version(), lost));
        epoch.opened(volume.log(number, true, after.toEpochMilli()), new Marks());
        return epoch;
    }

    private static String report(Case what, Scan scan, Optional<String> damage) {
        return switch (what) {
            case FRESH, UNFINISHED -> "";
            case CLEAN -> "clean stop at commit " + scan.last();
            case KILLED -> "no orderly stop, same boot: nothing lost, going on after commit " + scan.last();
            case REBOOTED -> "clean stop at commit " + scan.last() + ", the machine was started anew since";
            case POWER_LOST -> "no orderly stop and the machine was started anew: sealed after commit " + scan.last();
            case DAMAGED -> "damaged: " + damage.orElseThrow() + "; sealed after commit " + scan.last();
        };
    }

    /** A snapshot of commits that are gone would bring back a past that is not on the record. */
    private void dropSnapshotsBehind(long head) {
        for (String name : volume.list(VolumeSnapshots.FOLDER)) {
            if (VolumeSnapshots.seqOf(name) > head) {
                volume.read(name).ifPresent(content -> volume.write("salvage/" + name.replace('/', '-'), content));
                volume.delete(name);
            }
        }
    }

    private static byte[] together(TreeMap<Long, byte[]> frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] frame : frames.values()) {
            if (out.size() + frame.length > SALVAGE_LIMIT) {
                break;
            }
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    /** Collects whole frames behind a seq from raw bytes; bounded, since the files they come from stay. */
    private static final class Strays implements FrameLog.RawSink {
        private final Frame.Sums sums = new Frame.Sums();
        private final long after;
        private final TreeMap<Long, byte[]> found;
        private long bytes;

        Strays(long after, TreeMap<Long, byte[]> found) {
            this.after = after;
            this.found = found;
        }

        @Override
        public void window(byte[] window, int length) {
            for (int at = 0; at + Frame.HEADER <= length && bytes < SALVAGE_LIMIT; at++) {
                if (window[at] != 'T' || window[at + 1] != 'T') {
                    continue;
                }
                byte[] header = java.util.Arrays.copyOfRange(window, at, at + Frame.HEADER);
                if (!Frame.looksLikeFrame(header, Frame.HEADER) || Frame.seq(header) <= after) {
                    continue;
                }
                int size = Frame.HEADER + Frame.payloadLength(header);
                if (at + size <= length) {
                    byte[] frame = java.util.Arrays.copyOfRange(window, at, at + size);
                    if (sums.isWhole(frame, size) && found.put(Frame.seq(frame), frame) == null) {
                        bytes += size;
                    }
                }
            }
        }
    }
}
