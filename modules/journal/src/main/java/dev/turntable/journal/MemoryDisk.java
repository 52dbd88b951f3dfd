package dev.turntable.journal;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A disk in memory, or what stands for one where nothing can be written, that a {@link MemoryJournal} lies on: it survives crashes of its
 * journal, and faults can be done to it.
 */
public final class MemoryDisk {
    private static final long ROOM = 1L << 40;
    private static final long DAY_MILLIS = 86_400_000;

    private final TreeMap<Integer, Entries> logs = new TreeMap<>();
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final String lineage;
    private final long segmentMillis;
    private int boots = 1;
    private boolean full;

    /** {@code lineage} names the journal that will be born here. */
    public MemoryDisk(String lineage) {
        this(lineage, DAY_MILLIS);
    }

    /** One whose entries are thrown away in pieces of {@code segmentMillis}; on a real disk that is a day. */
    MemoryDisk(String lineage, long segmentMillis) {
        this.lineage = lineage;
        this.segmentMillis = segmentMillis;
    }

    /** Does the fault. Power failures are for a disk whose journal was {@linkplain MemoryJournal#kill killed}. */
    public synchronized void inject(Fault fault) {
        switch (fault) {
            case Fault.LoseUnforcedTail _ -> {
                logs.values().forEach(Entries::loseUnforced);
                logs.values().forEach(Entries::force); // what has outlived a power failure is on disk
                boots++;
            }
            case Fault.Tear tear -> {
                if (!logs.isEmpty()) {
                    logs.lastEntry().getValue().tear(tear.bytesKept());
                }
                logs.values().forEach(Entries::force);
                boots++;
            }
            case Fault.Flip flip -> logs.values().forEach(entries -> entries.flip(flip.seq(), flip.bit()));
            case Fault.Fill _ -> full = true;
            case Fault.MakeRoom _ -> full = false;
        }
    }

    /** How many commits a power failure would take now. */
    public synchronized int unforced() {
        int sum = 0;
        for (Entries entries : logs.values()) {
            sum += entries.unforced();
        }
        return sum;
    }

    /** Every stored frame, one behind the other: two journals are the same when these are. */
    public synchronized byte[] frames() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        logs.values().forEach(entries -> entries.list.forEach(entry -> all.writeBytes(entry.bytes())));
        return all.toByteArray();
    }

    /** The chain of the last whole frame in lower-case hex; empty when there is none. */
    public synchronized String chain() {
        for (Entries entries : logs.descendingMap().values()) {
            for (Entry entry : entries.list.reversed()) {
                if (entry.bytes().length >= Frame.HEADER) {
                    return HexFormat.of().formatHex(Frame.chain(entry.bytes()));
                }
            }
        }
        return "";
    }

    Volume volume() {
        return new MemoryVolume();
    }

    private synchronized boolean isFull() {
        return full;
    }

    /** One stored entry; the address is its place in the list, from 1. */
    private record Entry(byte[] bytes, long segment) {}

    /** The entries of one epoch. */
    private final class Entries {
        private final List<Entry> list = new ArrayList<>();
        private int deleted;
        private int forced;

        synchronized long append(byte[] bytes, int length, long epochMillis) {
            if (isFull()) {
                throw new JournalException(JournalException.Code.DISK_FULL, "the disk is full");
            }
            list.add(new Entry(Arrays.copyOf(bytes, length), Math.floorDiv(epochMillis, segmentMillis)));
            return deleted + list.size();
        }

        synchronized Entry get(long address) {
            long index = address - deleted - 1;
            return index < 0 || index >= list.size() ? null : list.get((int) index);
        }

        synchronized long first() {
            return deleted + 1L;
        }

        synchronized void force() {
            forced = list.size();
        }

        synchronized int unforced() {
            return list.size() - forced;
        }

        synchronized void loseUnforced() {
            list.subList(forced, list.size()).clear();
        }

        synchronized void tear(int bytesKept) {
            if (!list.isEmpty()) {
                Entry last = list.removeLast();
                list.add(new Entry(
                        Arrays.copyOf(last.bytes(), Math.min(bytesKept, last.bytes().length - 1)), last.segment()));
            }
        }

        synchronized void flip(long seq, long bit) {
            for (Entry entry : list) {
                if (entry.bytes().length >= Frame.HEADER && Frame.seq(entry.bytes()) == seq) {
                    int at = (int) Math.floorMod(bit, entry.bytes().length * 8L);
                    entry.bytes()[at / 8] ^= (byte) (1 << at % 8);
                    return;
                }
            }
        }

        synchronized List<FrameLog.Segment> segments() {
            TreeMap<Long, Long> bytes = new TreeMap<>();
            list.forEach(entry -> bytes.merge(entry.segment(), (long) entry.bytes().length, Long::sum));
            return bytes.entrySet().stream()
                    .map(e -> new FrameLog.Segment(e.getKey(), e.getValue()))
                    .toList();
        }

        synchronized void delete(long segment) {
            int count = 0;
            while (count < list.size() && list.get(count).segment() == segment) {
                count++;
            }
            list.subList(0, count).clear();
            deleted += count;
            forced -= count;
        }

        synchronized long bytes() {
            long sum = 0;
            for (Entry entry : list) {
                sum += entry.bytes().length;
            }
            return sum;
        }
    }

    /** The disk as one opened journal sees it. */
    private final class MemoryVolume implements Volume {
        @Override
        public List<Integer> epochs() {
            synchronized (MemoryDisk.this) {
                return List.copyOf(logs.keySet());
            }
        }

        @Override
        public FrameLog log(int epoch, boolean append, long millis) {
            synchronized (MemoryDisk.this) {
                return new MemoryLog(logs.computeIfAbsent(epoch, _ -> new Entries()));
            }
        }

        @Override
        public long bytes(int epoch) {
            synchronized (MemoryDisk.this) {
                return logs.containsKey(epoch) ? logs.get(epoch).bytes() : 0;
            }
        }

        @Override
        public void deleteEpoch(int epoch) {
            synchronized (MemoryDisk.this) {
                logs.remove(epoch);
                files.keySet().removeIf(name -> name.startsWith(Epoch.path(epoch, "")));
            }
        }

        @Override
        public Optional<byte[]> read(String name) {
            synchronized (MemoryDisk.this) {
                return Optional.ofNullable(files.get(name)).map(byte[]::clone);
            }
        }

        @Override
        public void write(String name, byte[] content) {
            synchronized (MemoryDisk.this) {
                files.put(name, content.clone());
            }
        }

        @Override
        public void delete(String name) {
            synchronized (MemoryDisk.this) {
                files.remove(name);
            }
        }

        @Override
        public List<String> list(String prefix) {
            synchronized (MemoryDisk.this) {
                return files.keySet().stream()
                        .filter(name -> name.startsWith(prefix))
                        .toList();
            }
        }

        @Override
        public long freeBytes() {
            return isFull() ? 0 : ROOM;
        }

        @Override
        public String boot() {
            synchronized (MemoryDisk.this) {
                return "boot-" + boots;
            }
        }

        @Override
        public String newLineage() {
            return lineage;
        }

        @Override
        public void close() {}
    }

    /** One epoch's entries as a log. */
    private record MemoryLog(Entries entries) implements FrameLog {
        @Override
        public long append(byte[] bytes, int length, long epochMillis) {
            return entries.append(bytes, length, epochMillis);
        }

        @Override
        public Cursor cursor() {
            return new MemoryCursor(entries);
        }

        @Override
        public void force() {
            entries.force();
        }

        @Override
        public List<Segment> segments() {
            return entries.segments();
        }

        @Override
        public long segmentOf(long address) {
            return entries.get(address).segment();
        }

        @Override
        public void delete(long segment) {
            entries.delete(segment);
        }

        @Override
        public void scanRaw(RawSink sink, long lastBytes) {
            Entry entry;
            for (long at = entries.first(); (entry = entries.get(at)) != null; at++) {
                sink.window(entry.bytes(), entry.bytes().length);
            }
        }

        @Override
        public void close() {}
    }

    private static final class MemoryCursor implements FrameLog.Cursor {
        private final Entries entries;
        private long next;
        private Entry current;

        MemoryCursor(Entries entries) {
            this.entries = entries;
        }

        @Override
        public void moveTo(long address) {
            next = address;
        }

        @Override
        public boolean next() {
            long at = Math.max(next, entries.first());
            Entry entry = entries.get(at);
            if (entry == null) {
                return false;
            }
            current = entry;
            next = at + 1;
            return true;
        }

        @Override
        public byte[] buffer() {
            return current.bytes();
        }

        @Override
        public int length() {
            return current.bytes().length;
        }

        @Override
        public long address() {
            return next - 1;
        }

        @Override
        public void close() {}
    }
}
