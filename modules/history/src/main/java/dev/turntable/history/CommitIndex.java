package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Event;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says which blocks of {@value #BLOCK} commits may hold what a filter asks for, so that a page over a million commits reads a few of them.
 *
 * <p>A block has one bit for every event type, model and actor in it, and the smallest and largest number of the requests, swaps and runs
 * it names (those numbers grow with the journal, so the ranges are narrow). It may say yes too often, never no wrongly. About 2 bytes a
 * commit. Safe from any thread.
 */
final class CommitIndex {
    static final int BLOCK = 64;

    /** Blocks kept, 16 million commits; older ones count as "maybe". */
    static final int BLOCK_LIMIT = 1 << 18;

    /** Distinct models, types and actors that get bits of their own; a client can make up model names, so there must be an end. */
    static final int KEY_LIMIT = 8_192;

    private static final int KEY_LENGTH = 512;

    private static final String OTHER = "*";

    private final Map<String, BitSet> keys = new HashMap<>();
    private final BitSet none = new BitSet();
    private final NumberRanges requests = new NumberRanges();
    private final NumberRanges swaps = new NumberRanges();
    private final NumberRanges runs = new NumberRanges();
    private long firstBlock = -1;
    private long lastSeq;

    static long blockOf(long seq) {
        return seq / BLOCK;
    }

    /** Takes in the next commit; {@code open} are the requests that have arrived, for events that do not name their model. */
    synchronized void add(Commit commit, OpenRequests open) {
        long block = blockOf(commit.seq());
        if (firstBlock < 0) {
            firstBlock = block;
        }
        if (block - firstBlock >= BLOCK_LIMIT) {
            forget(BLOCK_LIMIT / 4);
        }
        int at = (int) (block - firstBlock);
        mark(actorKey(Actors.of(commit).value()), at);
        for (int n = 0; n <= commit.decisions().size(); n++) {
            Event event = commit.event(n);
            mark(typeKey(event.type()), at);
            Links links = Links.of(event);
            links.model().ifPresent(model -> mark(modelKey(model.value()), at));
            links.request().ifPresent(request -> {
                requests.add(at, request.number());
                open.model(request).ifPresent(model -> mark(modelKey(model.value()), at));
            });
            links.swap().ifPresent(swap -> swaps.add(at, swap.number()));
            links.run().ifPresent(run -> runs.add(at, run.number()));
        }
        lastSeq = commit.seq();
    }

    /** Seq of the last commit taken in. */
    synchronized long lastSeq() {
        return lastSeq;
    }

    /** The first block at or after {@code block} that may hold a match; {@code highest} is the last one to look at. */
    synchronized Optional<Long> next(HistoryFilter filter, long block, long highest) {
        BitSet marked = marked(filter);
        long at = block;
        while (at <= highest) {
            if (!covers(at) || inRanges(filter, at) && marked.get(bit(at))) {
                return Optional.of(at);
            }
            int further = marked.nextSetBit(bit(at) + 1);
            at = further < 0 ? Math.max(at + 1, blockOf(lastSeq)) : firstBlock + further;
        }
        return Optional.empty();
    }

    /** The last block at or before {@code block} that may hold a match; {@code lowest} is the last one to look at. */
    synchronized Optional<Long> previous(HistoryFilter filter, long block, long lowest) {
        BitSet marked = marked(filter);
        long at = block;
        while (at >= lowest) {
            if (!covers(at) || inRanges(filter, at) && marked.get(bit(at))) {
                return Optional.of(at);
            }
            int further = bit(at) == 0 ? -1 : marked.previousSetBit(bit(at) - 1);
            at = further < 0 ? Math.min(at, firstBlock) - 1 : firstBlock + further;
        }
        return Optional.empty();
    }

    /** False for blocks before or behind what was taken in, and for the last one, which may not be complete: those must be read. */
    private boolean covers(long block) {
        return firstBlock >= 0 && block >= firstBlock && block < blockOf(lastSeq);
    }

    private int bit(long block) {
        return (int) (block - firstBlock);
    }

    private boolean inRanges(HistoryFilter filter, long block) {
        int at = bit(block);
        return filter.request()
                        .map(request -> requests.may(at, request.number()))
                        .orElse(true)
                && filter.swap().map(swap -> swaps.may(at, swap.number())).orElse(true)
                && filter.run().map(run -> runs.may(at, run.number())).orElse(true);
    }

    /** A bit for every covered block that has the model, one of the types, and the actor. */
    private BitSet marked(HistoryFilter filter) {
        BitSet bits = new BitSet();
        if (firstBlock < 0) {
            return bits;
        }
        bits.set(0, bit(blockOf(lastSeq)) + 1);
        filter.model().ifPresent(model -> bits.and(bits(modelKey(model.value()))));
        filter.actor().ifPresent(actor -> bits.and(bits(actorKey(actor))));
        if (!filter.types().isEmpty()) {
            BitSet any = new BitSet();
            filter.types().forEach(type -> any.or(ofType(type)));
            bits.and(any);
        }
        return bits;
    }

    private BitSet ofType(String pattern) {
        if (!pattern.endsWith("*")) {
            return bits(typeKey(pattern));
        }
        BitSet any = new BitSet();
        String prefix = typeKey(pattern.substring(0, pattern.length() - 1));
        keys.forEach((key, bits) -> {
            if (key.startsWith(prefix)) {
                any.or(bits);
            }
        });
        any.or(keys.getOrDefault(OTHER, none));
        return any;
    }

    /** The bits of a key, or of all keys that got none of their own. */
    private BitSet bits(String key) {
        BitSet own = keys.get(key);
        return own != null ? own : keys.getOrDefault(OTHER, none);
    }

    private void mark(String key, int at) {
        BitSet bits = keys.get(key);
        if (bits == null) {
            String kept = keys.size() < KEY_LIMIT && key.length() <= KEY_LENGTH ? key : OTHER;
            bits = keys.computeIfAbsent(kept, _ -> new BitSet());
        }
        bits.set(at);
    }

    private static String modelKey(String model) {
        return "m:" + model;
    }

    private static String typeKey(String type) {
        return "t:" + type;
    }

    private static String actorKey(String actor) {
        return "a:" + actor;
    }

    private void forget(int blocks) {
        keys.replaceAll((_, bits) -> bits.get(blocks, Math.max(blocks, bits.length())));
        keys.values().removeIf(BitSet::isEmpty);
        List.of(requests, swaps, runs).forEach(ranges -> ranges.forget(blocks));
        firstBlock += blocks;
    }

    synchronized void save(DataOutputStream out) throws IOException {
        out.writeLong(firstBlock);
        out.writeLong(lastSeq);
        out.writeInt(keys.size());
        for (Map.Entry<String, BitSet> entry : keys.entrySet()) {
            out.writeUTF(entry.getKey());
            byte[] bits = entry.getValue().toByteArray();
            out.writeInt(bits.length);
            out.write(bits);
        }
        for (NumberRanges ranges : List.of(requests, swaps, runs)) {
            ranges.save(out);
        }
    }

    /** Becomes what another one is, before anything was added. */
    synchronized void take(CommitIndex saved) {
        keys.putAll(saved.keys);
        requests.take(saved.requests);
        swaps.take(saved.swaps);
        runs.take(saved.runs);
        firstBlock = saved.firstBlock;
        lastSeq = saved.lastSeq;
    }

    static CommitIndex load(DataInputStream in) throws IOException {
        CommitIndex index = new CommitIndex();
        index.firstBlock = in.readLong();
        index.lastSeq = in.readLong();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String key = in.readUTF();
            index.keys.put(key, BitSet.valueOf(in.readNBytes(in.readInt())));
        }
        for (NumberRanges ranges : List.of(index.requests, index.swaps, index.runs)) {
            ranges.load(in);
        }
        return index;
    }
}
