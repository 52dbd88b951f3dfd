package dev.turntable.journal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.TreeSet;

/** Uses a journal fully, then tells what else happened: names that were looked up, threads that stay, CPU that an idle journal burns. */
final class QuietChild {
    private QuietChild() {}

    public static void main(String[] args) {
        try {
            InetAddress.getByName("a-name-to-show-that-asking-is-seen.invalid");
        } catch (UnknownHostException e) {
            // as it should be
        }
        Journal journal = Journals.open(Path.of(args[0]), JournalOptions.defaults());
        for (int i = 0; i < 100; i++) {
            Commits.appendNext(journal);
        }
        journal.follow("f", 1, _ -> {});
        journal.awaitDurable(100);
        journal.snapshots().save(50, "h", new byte[0]);
        System.out.println("lookups=" + RecordingResolver.ASKED);
        TreeSet<String> threads = new TreeSet<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> threads.add(thread.getName()));
        System.out.println("threads=" + threads);
        if (args.length > 1) {
            idle(Long.parseLong(args[1]));
        }
        journal.close();
    }

    private static void idle(long seconds) {
        long before = cpuNanos();
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < until) {
            java.util.concurrent.locks.LockSupport.parkNanos(until - System.nanoTime());
        }
        System.out.printf("idle=%.3f %% of a CPU%n", (cpuNanos() - before) / 1e7 / seconds);
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
