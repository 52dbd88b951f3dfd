package dev.turntable.proxy.forward;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads that pump streams. A virtual thread costs two more hops for every read; for an answer of thousands of events that is most
 * of what a proxy adds. Bounded; a stream that finds no free thread is pumped by its own virtual thread.
 */
public final class Pumps implements AutoCloseable {
    /** Streams pumped by platform threads at once; each costs its stack, mostly untouched. */
    public static final int MAX = 256;

    private static final int STACK = 256 * 1024;

    private final ExecutorService threads =
            new ThreadPoolExecutor(0, MAX, 20, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> Thread.ofPlatform()
                    .name("pump")
                    .daemon()
                    .stackSize(STACK)
                    .unstarted(task));

    /**
     * Runs the task on a pump and waits for its end, or runs it here. Whoever is interrupted while it waits breaks the stream off and waits
     * all the same: the pump may still be writing to the client.
     *
     * @param breakOff makes what the task reads and writes fail, from any thread
     */
    public boolean run(Callable<Boolean> task, Runnable breakOff) throws IOException {
        Future<Boolean> running;
        try {
            running = threads.submit(task);
        } catch (RejectedExecutionException allBusy) {
            return here(task);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return running.get();
                } catch (InterruptedException stopping) {
                    interrupted = true;
                    breakOff.run();
                } catch (ExecutionException failed) {
                    throw rethrow(failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean here(Callable<Boolean> task) throws IOException {
        try {
            return task.call();
        } catch (Exception failed) {
            throw rethrow(failed);
        }
    }

    private static IOException rethrow(Throwable failed) {
        return switch (failed) {
            case IOException io -> io;
            case RuntimeException bug -> throw bug;
            case Error error -> throw error;
            default -> new IOException(failed);
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
