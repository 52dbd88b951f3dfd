package dev.turntable.journal;

import java.lang.invoke.MethodHandles;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One epoch: an unbroken stretch of the journal in a directory of its own, written during one boot of the machine.
 *
 * <p>Its files: {@code epoch.json} (where it begins, written first), {@code sealed.json} (where it ended, written when another epoch
 * takes over), {@code clean.json} (where it stood at an orderly stop), {@code marks} (a cache of the sparse map), and the log's own.
 */
final class Epoch {
    private static final RecordCodec<Begin> BEGIN = RecordCodec.of(Begin.class, MethodHandles.lookup());
    private static final RecordCodec<Sealed> SEALED = RecordCodec.of(Sealed.class, MethodHandles.lookup());
    private static final RecordCodec<Clean> CLEAN = RecordCodec.of(Clean.class, MethodHandles.lookup());

    /**
     * Where an epoch begins.
     *
     * @param first seq of its first commit that is kept; grows with retention
     * @param chain chain of the commit before the first, in hexadecimal
     * @param after time of the commit before the first
     * @param boot the machine's boot during which it is written
     * @param lost commits between the epoch before and this one that were never written, because the disk was full
     */
    record Begin(int epoch, long first, String chain, Instant after, String boot, String version, long lost) {
        byte[] chainBytes() {
            return HexFormat.of().parseHex(chain);
        }
    }

    /** Where an epoch ended, for good. {@code last} is {@code first - 1} for an empty one. */
    record Sealed(long last, String chain, Instant time, String reason) {}

    /** Where the epoch stood at an orderly stop. */
    record Clean(long last, String chain) {}

    private final Volume volume;
    private final int number;
    private volatile Begin begin;
    private volatile Optional<Sealed> sealed;
    private FrameLog log;
    private Marks marks;

    private Epoch(Volume volume, int number, Begin begin, Optional<Sealed> sealed) {
        this.volume = volume;
        this.number = number;
        this.begin = begin;
        this.sealed = sealed;
    }

    static Epoch create(Volume volume, Begin begin) {
        volume.write(path(begin.epoch(), "epoch.json"), BEGIN.encode(begin));
        return new Epoch(volume, begin.epoch(), begin, Optional.empty());
    }

    /** Empty when its beginning was never written: then it holds nothing. */
    static Optional<Epoch> load(Volume volume, int number) {
        return volume.read(path(number, "epoch.json"))
                .map(json -> new Epoch(
                        volume,
                        number,
                        BEGIN.decode(json),
                        volume.read(path(number, "sealed.json")).map(SEALED::decode)));
    }

    int number() {
        return number;
    }

    Begin begin() {
        return begin;
    }

    long first() {
        return begin.first();
    }

    Optional<Sealed> sealed() {
        return sealed;
    }

    Optional<Clean> clean() {
        return volume.read(path(number, "clean.json")).map(CLEAN::decode);
    }

    void markClean(long last, byte[] chain) {
        volume.write(
                path(number, "clean.json"),
                CLEAN.encode(new Clean(last, HexFormat.of().formatHex(chain))));
    }

    void markInUse() {
        volume.delete(path(number, "clean.json"));
    }

    void seal(long last, byte[] chain, Instant time, String reason) {
        Sealed end = new Sealed(last, HexFormat.of().formatHex(chain), time, reason);
        volume.write(path(number, "sealed.json"), SEALED.encode(end));
        sealed = Optional.of(end);
    }

    /** The epoch now begins later, because its oldest files go. */
    void beginAt(long first, byte[] chain, Instant after) {
        Begin later = new Begin(
                number, first, HexFormat.of().formatHex(chain), after, begin.boot(), begin.version(), begin.lost());
        volume.write(path(number, "epoch.json"), BEGIN.encode(later));
        begin = later;
    }

    Optional<byte[]> savedMarks() {
        return volume.read(path(number, "marks"));
    }

    /** Only after a force: what the saved marks lead to is taken for granted by the next start. */
    void saveMarks(byte[] marks) {
        volume.write(path(number, "marks"), marks);
    }

    /** Gives the epoch its open log and its map; without this call both are opened and built when first needed. */
    synchronized void opened(FrameLog log, Marks marks) {
        this.log = log;
        this.marks = marks;
    }

    synchronized FrameLog log() {
        open();
        return log;
    }

    synchronized Marks marks() {
        open();
        return marks;
    }

    private void open() {
        if (log == null) {
            log = volume.log(number, false, begin.after().toEpochMilli());
            marks = Scan.of(this, log, Scan.Depth.SUMS, sealed.map(Sealed::last))
                    .marks();
        }
    }

    synchronized void close() {
        if (log != null) {
            log.close();
        }
    }

    static String path(int epoch, String name) {
        return "epoch-%06d/%s".formatted(epoch, name);
    }
}
