package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at a journal without trusting it, read only: of a server that runs, or of a copy.
 *
 * <pre>{@code
 * try (JournalCheck check = JournalCheck.open(dataFolder)) {
 *   JournalCheck.Report report = check.verify(commit -> …);
 * }
 * }</pre>
 */
public final class JournalCheck implements AutoCloseable {
    private static final RecordCodec<Commit> LINES = RecordCodec.of(Commit.class);

    /**
     * What a check found.
     *
     * @param earliest seq of the oldest commit kept
     * @param head seq of the newest good commit
     * @param commits good commits seen
     * @param gaps places where commits were never written because the disk was full; on record, so no fault
     * @param faults what is wrong; empty for a whole journal
     */
    public record Report(
            String lineage, long earliest, long head, long commits, List<String> gaps, List<String> faults) {
        public Report {
            gaps = List.copyOf(gaps);
            faults = List.copyOf(faults);
        }

        public boolean isWhole() {
            return faults.isEmpty();
        }
    }

    private final Volume volume;

    private JournalCheck(Volume volume) {
        this.volume = volume;
    }

    /** Throws {@link JournalException} UNREADABLE when there is no journal in the data folder. */
    public static JournalCheck open(Path dataFolder) {
        return new JournalCheck(FileVolume.forReading(dataFolder));
    }

    /** Looks at a journal in memory, which nobody may be writing to. */
    public static JournalCheck of(MemoryDisk disk) {
        return of(disk.volume());
    }

    static JournalCheck of(Volume volume) {
        return new JournalCheck(volume);
    }

    /**
     * Checks the CRC, chain, density and time of every commit, and hands each good one over, oldest first, so that the caller can decide
     * again what it says. A fault ends its epoch; the check goes on with the next.
     */
    public Report verify(Consumer<Commit> onCommit) {
        Verification verification = new Verification(onCommit);
        for (Epoch epoch : Recovery.load(volume)) {
            verification.look(epoch);
        }
        return verification.report();
    }

    /** The state of one verification. */
    private final class Verification {
        private final Consumer<Commit> onCommit;
        private final List<String> faults = new ArrayList<>();
        private final List<String> gaps = new ArrayList<>();
        private long earliest;
        private long head;
        private long commits;
        private String chain = "";

        Verification(Consumer<Commit> onCommit) {
            this.onCommit = onCommit;
        }

        void look(Epoch epoch) {
            joins(epoch);
            Optional<Epoch.Sealed> sealed = epoch.sealed();
            Optional<Epoch.Clean> clean = epoch.clean();
            Scan scan = scan(epoch, sealed.map(Epoch.Sealed::last));
            if (scan == null) {
                return;
            }
            String name = "epoch " + epoch.number() + ": ";
            scan.damage().ifPresent(what -> faults.add(name + what));
            head = scan.last();
            chain = HexFormat.of().formatHex(scan.chain());
            if (scan.damage().isEmpty()
                    && sealed.isPresent()
                    && !new End(sealed.get().last(), sealed.get().chain()).equals(new End(head, chain))) {
                faults.add(name + "sealed after commit " + sealed.get().last() + ", but it ends after " + head);
            }
            if (scan.damage().isEmpty()
                    && sealed.isEmpty()
                    && clean.isPresent()
                    && clean.get().last() > head) {
                faults.add(name + "stopped after commit " + clean.get().last() + ", but it ends after " + head);
            }
            sealed.ifPresent(end -> {
                head = end.last(); // what follows was joined to the seal
                chain = end.chain();
            });
        }

        private record End(long last, String chain) {}

        private void joins(Epoch epoch) {
            Epoch.Begin begin = epoch.begin();
            if (earliest == 0) {
                earliest = begin.first();
                return;
            }
            if (begin.lost() > 0) {
                gaps.add("commits " + (head + 1) + " to " + (begin.first() - 1)
                        + " were never written: the disk was full");
            }
            if (begin.first() != head + 1 + begin.lost() || !begin.chain().equals(chain)) {
                faults.add("epoch " + epoch.number() + " does not follow the one before");
            }
        }

        private Scan scan(Epoch epoch, Optional<Long> limit) {
            try (FrameLog log = volume.log(epoch.number(), false, 0)) {
                return Scan.of(epoch, log, Scan.Depth.CHAIN, limit, new Marks(), frame -> {
                    commits++;
                    onCommit.accept(CommitCodec.CURRENT.decode(frame));
                });
            } catch (JournalException e) {
                faults.add("epoch " + epoch.number() + ": " + e.getMessage());
                return null;
            }
        }

        Report report() {
            String lineage = Recovery.birth(volume).map(Recovery.Birth::lineage).orElse("");
            return new Report(lineage, Math.max(1, earliest), head, commits, gaps, faults);
        }
    }

    /** Writes one line for each frame: its header, then its payload. For people who look at a broken journal. */
    public void dump(PrintStream out) {
        for (Epoch epoch : Recovery.load(volume)) {
            out.printf(
                    "# epoch %d: first %d, boot %s, version %s%n",
                    epoch.number(),
                    epoch.first(),
                    epoch.begin().boot(),
                    epoch.begin().version());
            try (FrameLog log = volume.log(epoch.number(), false, 0)) {
                Scan scan = Scan.of(
                        epoch,
                        log,
                        Scan.Depth.CHAIN,
                        epoch.sealed().map(Epoch.Sealed::last),
                        new Marks(),
                        frame -> dump(frame, out));
                scan.damage().ifPresent(what -> out.println("# DAMAGED: " + what));
            }
            epoch.sealed().ifPresent(end -> out.printf("# sealed after %d: %s%n", end.last(), end.reason()));
        }
    }

    private static void dump(byte[] frame, PrintStream out) {
        Frame.Header header = Frame.header(frame);
        String chain = HexFormat.of().formatHex(Frame.chain(frame), 0, 4);
        String payload = new String(frame, Frame.HEADER, Frame.payloadLength(frame), StandardCharsets.UTF_8);
        out.printf(
                "%d %s epoch=%d run=%d mono=%d flags=%d chain=%s… %s%n",
                header.seq(),
                Times.format(Times.ofMicros(header.timeMicros())),
                header.epoch(),
                header.run(),
                header.monotonicNanos(),
                header.flags(),
                chain,
                payload);
    }

    /** Writes every good commit as a line of JSON. Returns how many; throws {@link JournalException} DAMAGED at the first fault. */
    public long export(OutputStream out) {
        Report report = verify(commit -> {
            try {
                out.write(LINES.encode(commit));
                out.write('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (!report.isWhole()) {
            throw new JournalException(JournalException.Code.DAMAGED, String.join("; ", report.faults()));
        }
        return report.commits();
    }

    @Override
    public void close() {
        volume.close();
    }
}
