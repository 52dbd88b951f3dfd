package dev.turntable.process.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One platform thread that sleeps in {@code epoll} until a watched descriptor is readable, a task is handed over or a moment has come.
 *
 * <p>It owns that thread, the epoll and the eventfd that wakes it. Every handler and task runs on it, one after the other, so what only
 * handlers touch needs no lock. Handlers must not block.
 */
public final class EventLoop implements AutoCloseable {
    /** Descriptors handled in one turn; more wait for the next. */
    private static final int TURN = 64;

    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
    private static final long EVENT_BYTES = PACKED ? 12 : 16;
    private static final long DATA_OFFSET = PACKED ? 4 : 8;
    private static final long WAKE_TOKEN = 0;
    private static final int UNOPENED = -1;

    private final System.Logger log = System.getLogger("dev.turntable.process");
    private final Thread thread;
    private int epoll;
    private volatile int wake = UNOPENED;
    private final AtomicLong tokens = new AtomicLong(WAKE_TOKEN);
    private final Map<Long, Runnable> handlers = new ConcurrentHashMap<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private volatile boolean closing;

    private record Later(long due, long order, Runnable task) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            long difference = due - other.due;
            return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
        }
    }

    /** Returns at once; the thread opens what it needs by itself, because linking the C library takes its time. */
    public EventLoop(String name) {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** Calls {@code handler} on the loop whenever {@code fd} is readable or broken, until the watch is ended. On the loop. */
    public Watch watch(int fd, Runnable handler) {
        long token = tokens.incrementAndGet();
        handlers.put(token, handler);
        control(Libc.EPOLL_CTL_ADD, fd, token);
        return new Watch(fd, token);
    }

    /** Runs {@code task} on the loop soon; dropped when the loop has been closed. Any thread. */
    public void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    /** Runs {@code task} on the loop after {@code delay}. Any thread. */
    public void after(Duration delay, Runnable task) {
        long due = System.nanoTime() + delay.toNanos();
        execute(() -> later.add(new Later(due, tokens.incrementAndGet(), task)));
    }

    /** Runs the tasks handed over so far, then ends the thread. Watched descriptors stay the business of their owners. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (wake != UNOPENED) {
            Libc.close(wake);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A watched descriptor. */
    public final class Watch {
        private final int fd;
        private final long token;

        private Watch(int fd, long token) {
            this.fd = fd;
            this.token = token;
        }

        /** Ends the watch; call it before the descriptor is closed. Once. */
        public void end() {
            handlers.remove(token);
            control(Libc.EPOLL_CTL_DEL, fd, token);
        }
    }

    private void run() {
        epoll = opened(Libc.epollCreate(), "epoll");
        int eventfd = opened(Libc.eventfd(), "eventfd");
        control(Libc.EPOLL_CTL_ADD, eventfd, WAKE_TOKEN);
        wake = eventfd;
        try {
            turnUntilClosed();
        } finally {
            Libc.close(epoll);
        }
    }

    private void turnUntilClosed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(EVENT_BYTES * TURN, 8);
            MemorySegment counter = arena.allocate(JAVA_LONG);
            while (true) {
                boolean last = closing;
                runTasks();
                if (last) {
                    return;
                }
                int ready = Libc.epollWait(epoll, events, TURN, timeout());
                for (int i = 0; i < ready; i++) {
                    handle(events.get(JAVA_LONG_UNALIGNED, i * EVENT_BYTES + DATA_OFFSET), counter);
                }
                runDue();
            }
        }
    }

    private void handle(long token, MemorySegment counter) {
        if (token == WAKE_TOKEN) {
            Libc.read(wake, counter);
            return;
        }
        Runnable handler = handlers.get(token);
        if (handler != null) {
            guarded(handler);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guarded(task);
        }
    }

    private void runDue() {
        while (!later.isEmpty() && later.peek().due - System.nanoTime() <= 0) {
            guarded(later.poll().task);
        }
    }

    /** One handler's failure must not end the watch over all other processes. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.log(System.Logger.Level.ERROR, "a process event could not be handled", e);
        }
    }

    private int timeout() {
        if (later.isEmpty()) {
            return -1;
        }
        long nanos = later.peek().due - System.nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000);
    }

    /** Before it is opened the loop looks at its tasks unasked. */
    private void wake() {
        if (wake == UNOPENED) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Libc.write(wake, arena.allocateFrom(JAVA_LONG, 1));
        }
    }

    private void control(int operation, int fd, long token) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EVENT_BYTES, 8);
            event.set(JAVA_INT, 0, Libc.EPOLLIN);
            event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, token);
            opened(Libc.epollCtl(epoll, operation, fd, event), "epoll_ctl");
        }
    }

    private static int opened(int result, String what) {
        if (result < 0) {
            throw new OsException(what, -result);
        }
        return result;
    }
}
