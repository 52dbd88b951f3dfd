package dev.turntable.process.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
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
 * <p>A call gives its own result, or minus {@code errno} when it failed; {@link Errno} has the words for it. The system call numbers
 * used are those above 423, which are the same on every processor.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK_CLOEXEC = O_NONBLOCK | O_CLOEXEC;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLLIN = 1;
    static final int F_SETPIPE_SZ = 1031;
    static final int WNOHANG = 1;

    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_CLOSE_RANGE = 436;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO_STATE = Linker.Option.captureCallState("errno");
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MKFIFO = call("mkfifo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle OPEN = variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            call("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            call("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle KILL = call("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle WAITPID =
            call("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle EPOLL_CREATE = call("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CTL =
            call("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle EPOLL_WAIT =
            call("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle EVENTFD = call("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle GETPAGESIZE = call("getpagesize", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle FCNTL =
            variadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SYSCALL3 = variadic(
            "syscall", 1, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private Libc() {}

    static int mkfifo(String path, int mode) {
        return checked((arena, errno) -> (int) MKFIFO.invokeExact(errno, arena.allocateFrom(path), mode));
    }

    static int open(String path, int flags) {
        return checked((arena, errno) -> (int) OPEN.invokeExact(errno, arena.allocateFrom(path), flags));
    }

    static int close(int fd) {
        return checked((arena, errno) -> (int) CLOSE.invokeExact(errno, fd));
    }

    static int read(int fd, MemorySegment into) {
        return checked((arena, errno) -> (int) (long) READ.invokeExact(errno, fd, into, into.byteSize()));
    }

    static int write(int fd, MemorySegment from) {
        return checked((arena, errno) -> (int) (long) WRITE.invokeExact(errno, fd, from, from.byteSize()));
    }

    static int kill(int pid, int signal) {
        return checked((arena, errno) -> (int) KILL.invokeExact(errno, pid, signal));
    }

    /** {@code status} receives the raw wait status. */
    static int waitpid(int pid, MemorySegment status, int options) {
        return checked((arena, errno) -> (int) WAITPID.invokeExact(errno, pid, status, options));
    }

    static int epollCreate() {
        return checked((arena, errno) -> (int) EPOLL_CREATE.invokeExact(errno, O_CLOEXEC));
    }

    static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
        return checked((arena, errno) -> (int) EPOLL_CTL.invokeExact(errno, epoll, operation, fd, event));
    }

    static int epollWait(int epoll, MemorySegment events, int max, int timeoutMillis) {
        return checked((arena, errno) -> (int) EPOLL_WAIT.invokeExact(errno, epoll, events, max, timeoutMillis));
    }

    static int eventfd() {
        return checked((arena, errno) -> (int) EVENTFD.invokeExact(errno, 0, EFD_NONBLOCK_CLOEXEC));
    }

    static int setPipeSize(int fd, int bytes) {
        return checked((arena, errno) -> (int) FCNTL.invokeExact(errno, fd, F_SETPIPE_SZ, bytes));
    }

    static int pageBytes() {
        return checked((arena, errno) -> (int) GETPAGESIZE.invokeExact(errno));
    }

    static int pidfdOpen(int pid) {
        return checked((arena, errno) -> (int) (long) SYSCALL3.invokeExact(errno, SYS_PIDFD_OPEN, (long) pid, 0L, 0L));
    }

    /** Marks every descriptor from {@code first} up close-on-exec, for a C library that cannot do it in the child. */
    static int closeRangeOnExec(int first) {
        return checked((arena, errno) -> (int)
                (long) SYSCALL3.invokeExact(errno, SYS_CLOSE_RANGE, (long) first, 0xFFFFFFFFL, (long) CLOSE_RANGE_CLOEXEC));
    }

    /** A function that reports failure by its result, not by {@code errno}. */
    @SuppressWarnings("restricted")
    static MethodHandle plain(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(address(name), shape);
    }

    static Optional<MethodHandle> optional(String name, FunctionDescriptor shape) {
        return LINKER.defaultLookup().find(name).map(found -> bind(found, shape));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle bind(MemorySegment function, FunctionDescriptor shape) {
        return LINKER.downcallHandle(function, shape);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(address(name), shape, ERRNO_STATE);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor shape) {
        return LINKER.downcallHandle(address(name), shape, ERRNO_STATE, Linker.Option.firstVariadicArg(fixed));
    }

    private static MemorySegment address(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
    }

    @FunctionalInterface
    private interface Call {
        int with(Arena arena, MemorySegment errno) throws Throwable;
    }

    private static int checked(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = call.with(arena, state);
            return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
