package dev.turntable.process.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * The calls of the C library that the JDK has no door for, each as a method of the same name.
 *
 * <p>A call gives its own result, or minus {@code errno} when it failed; {@link Errno} has the words for it.
 *
 * <p>All functions are called in one shape, six machine words in and one out: integers and pointers travel in the same registers on
 * every 64-bit Linux, a function looks only at those it declares, and only the lower half of an {@code int} result is read. Linking a
 * shape costs some ten milliseconds of a cold start, so that a shape for each function would cost a quarter of a second.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLLIN = 1;
    static final int WNOHANG = 1;

    private static final int F_SETPIPE_SZ = 1031;
    private static final int SIG_DFL = 0;
    private static final int PR_SET_CHILD_SUBREAPER = 36;

    // System calls above number 423 are the same on every processor.
    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_CLOSE_RANGE = 436;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle CALL = linked();

    private static final MemorySegment MKFIFO = function("mkfifo");
    private static final MemorySegment OPEN = function("open");
    private static final MemorySegment CLOSE = function("close");
    private static final MemorySegment READ = function("read");
    private static final MemorySegment WRITE = function("write");
    private static final MemorySegment KILL = function("kill");
    private static final MemorySegment WAITPID = function("waitpid");
    private static final MemorySegment EPOLL_CREATE1 = function("epoll_create1");
    private static final MemorySegment EPOLL_CTL = function("epoll_ctl");
    private static final MemorySegment EPOLL_WAIT = function("epoll_wait");
    private static final MemorySegment EVENTFD = function("eventfd");
    private static final MemorySegment FCNTL = function("fcntl");
    private static final MemorySegment GETPAGESIZE = function("getpagesize");
    private static final MemorySegment PRCTL = function("prctl");
    private static final MemorySegment SIGNAL = function("signal");
    private static final MemorySegment SYSCALL = function("syscall");

    private Libc() {}

    static int mkfifo(String path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return call(MKFIFO, arena.allocateFrom(path).address(), mode, 0, 0);
        }
    }

    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return call(OPEN, arena.allocateFrom(path).address(), flags, 0, 0);
        }
    }

    static int close(int fd) {
        return call(CLOSE, fd, 0, 0, 0);
    }

    static int read(int fd, MemorySegment into) {
        return call(READ, fd, into.address(), into.byteSize(), 0);
    }

    static int write(int fd, MemorySegment from) {
        return call(WRITE, fd, from.address(), from.byteSize(), 0);
    }

    static int kill(int pid, int signal) {
        return call(KILL, pid, signal, 0, 0);
    }

    /** {@code status} receives the raw wait status. */
    static int waitpid(int pid, MemorySegment status, int options) {
        return call(WAITPID, pid, status.address(), options, 0);
    }

    static int epollCreate() {
        return call(EPOLL_CREATE1, O_CLOEXEC, 0, 0, 0);
    }

    static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
        return call(EPOLL_CTL, epoll, operation, fd, event.address());
    }

    static int epollWait(int epoll, MemorySegment events, int max, int timeoutMillis) {
        return call(EPOLL_WAIT, epoll, events.address(), max, timeoutMillis);
    }

    static int eventfd() {
        return call(EVENTFD, 0, O_NONBLOCK | O_CLOEXEC, 0, 0);
    }

    static int setPipeSize(int fd, int bytes) {
        return call(FCNTL, fd, F_SETPIPE_SZ, bytes, 0);
    }

    static int pageBytes() {
        return call(GETPAGESIZE, 0, 0, 0, 0);
    }

    /** Whether processes below this one that lose their parent become its children. */
    static int setSubreaper(boolean on) {
        return call(PRCTL, PR_SET_CHILD_SUBREAPER, on ? 1 : 0, 0, 0);
    }

    static int signalDefault(int number) {
        return call(SIGNAL, number, SIG_DFL, 0, 0);
    }

    static int pidfdOpen(int pid) {
        return call(SYSCALL, SYS_PIDFD_OPEN, pid, 0, 0);
    }

    /** Marks every descriptor from {@code first} up close-on-exec, for a C library that cannot do it in the child. */
    static int closeRangeOnExec(int first) {
        return call(SYSCALL, SYS_CLOSE_RANGE, first, 0xFFFFFFFFL, CLOSE_RANGE_CLOEXEC);
    }

    /** A function that must be there. */
    static MemorySegment function(String name) {
        return find(name).orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
    }

    static Optional<MemorySegment> find(String name) {
        return LINKER.defaultLookup().find(name);
    }

    /** The result as it is, for functions that do not use {@code errno}. */
    static int plain(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            return invoke(function, arena.allocate(STATE), a, b, c, d, e, f);
        }
    }

    private static int call(MemorySegment function, long a, long b, long c, long d) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = invoke(function, state, a, b, c, d, 0, 0);
            return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
        }
    }

    private static int invoke(
            MemorySegment function, MemorySegment state, long a, long b, long c, long d, long e, long f) {
        try {
            return (int) (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle linked() {
        return LINKER.downcallHandle(
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }
}
