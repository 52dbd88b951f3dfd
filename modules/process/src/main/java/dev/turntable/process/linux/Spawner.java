package dev.turntable.process.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Starts a program with {@code posix_spawn}: in a session of its own, with every signal at its default, nothing of ours open, an empty
 * standard input, and one named pipe as its standard output and error.
 *
 * <p>The child opens the pipe itself, for reading and writing, and so holds both of its ends: it never gets SIGPIPE and never sees the
 * pipe break when this server dies; a later server run opens the same pipe and reads on.
 */
public final class Spawner {
    /** Larger than the structures of any C library; they are opaque to us. */
    private static final long OPAQUE_BYTES = 1024;

    private static final short SETSIGDEF_SETSIGMASK_SETSID = 0x04 | 0x08 | 0x80;

    private static final MethodHandle SPAWN = Libc.plain(
            "posix_spawn", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle ATTR_INIT = on1("posix_spawnattr_init");
    private static final MethodHandle ATTR_DESTROY = on1("posix_spawnattr_destroy");
    private static final MethodHandle ATTR_FLAGS =
            Libc.plain("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle ATTR_SIGDEFAULT = on2("posix_spawnattr_setsigdefault");
    private static final MethodHandle ATTR_SIGMASK = on2("posix_spawnattr_setsigmask");
    private static final MethodHandle FILES_INIT = on1("posix_spawn_file_actions_init");
    private static final MethodHandle FILES_DESTROY = on1("posix_spawn_file_actions_destroy");
    private static final MethodHandle FILES_OPEN = Libc.plain(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle FILES_DUP = Libc.plain(
            "posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final Optional<MethodHandle> FILES_CLOSE_FROM = Libc.optional(
            "posix_spawn_file_actions_addclosefrom_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SIGFILLSET = on1("sigfillset");
    private static final MethodHandle SIGEMPTYSET = on1("sigemptyset");

    private final Environment environment;
    private final String searchPath;

    /** {@code searchPath} is the server's PATH: that of the model's environment does not count, as with Go. */
    public Spawner(Environment environment, String searchPath) {
        this.environment = environment;
        this.searchPath = searchPath;
    }

    /** What became of a start. */
    public sealed interface Result {
        /** It runs; {@code pid} names the process, its group and its session alike. */
        record Started(int pid) implements Result {}

        /** It could not be run; {@code error} is the operating system's word in Go's form. */
        record Failed(String error) implements Result {}
    }

    /** Starts {@code args} with {@code env} laid over the server's environment. {@code output} must exist and be a named pipe. */
    public Result spawn(List<String> args, List<String> env, Path output) {
        return switch (Executables.find(args.getFirst(), searchPath)) {
            case Executables.Lookup.Missing(String error) -> new Result.Failed(error);
            case Executables.Lookup.Found(String path) -> spawn(path, args, env, output);
        };
    }

    private Result spawn(String path, List<String> args, List<String> env, Path output) {
        List<byte[]> argv =
                args.stream().map(a -> a.getBytes(StandardCharsets.UTF_8)).toList();
        Collection<byte[]> envp = environment.with(env);
        if (hasNul(argv)) {
            return new Result.Failed("fork/exec " + path + ": " + Errno.text(22));
        }
        if (hasNul(envp)) {
            return new Result.Failed("exec: environment variable contains NUL");
        }
        try (Arena arena = Arena.ofConfined()) {
            int result = spawn(arena, path, strings(arena, argv), strings(arena, envp), output);
            return result > 0
                    ? new Result.Started(result)
                    : new Result.Failed("fork/exec " + path + ": " + Errno.text(-result));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    /** The pid, or minus the error number. */
    private static int spawn(Arena arena, String path, MemorySegment argv, MemorySegment envp, Path output)
            throws Throwable {
        MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment files = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment signals = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment pid = arena.allocate(JAVA_INT);
        ok((int) ATTR_INIT.invokeExact(attributes));
        ok((int) FILES_INIT.invokeExact(files));
        try {
            ok((int) ATTR_FLAGS.invokeExact(attributes, SETSIGDEF_SETSIGMASK_SETSID));
            ok((int) SIGFILLSET.invokeExact(signals));
            ok((int) ATTR_SIGDEFAULT.invokeExact(attributes, signals));
            ok((int) SIGEMPTYSET.invokeExact(signals));
            ok((int) ATTR_SIGMASK.invokeExact(attributes, signals));
            open(arena, files, 0, "/dev/null", Libc.O_RDONLY);
            open(arena, files, 1, output.toString(), Libc.O_RDWR);
            ok((int) FILES_DUP.invokeExact(files, 1, 2));
            closeTheRest(files);
            int error = (int) SPAWN.invokeExact(pid, arena.allocateFrom(path), files, attributes, argv, envp);
            return error == 0 ? pid.get(JAVA_INT, 0) : -error;
        } finally {
            ok((int) FILES_DESTROY.invokeExact(files));
            ok((int) ATTR_DESTROY.invokeExact(attributes));
        }
    }

    private static void open(Arena arena, MemorySegment files, int fd, String path, int flags) throws Throwable {
        ok((int) FILES_OPEN.invokeExact(files, fd, arena.allocateFrom(path), flags, 0));
    }

    /** The JDK opens its sockets without close-on-exec: a child that inherited our listener would keep the port after our death. */
    private static void closeTheRest(MemorySegment files) throws Throwable {
        if (FILES_CLOSE_FROM.isPresent()) {
            ok((int) FILES_CLOSE_FROM.get().invokeExact(files, 3));
        } else {
            Libc.closeRangeOnExec(3);
        }
    }

    private static boolean hasNul(Collection<byte[]> texts) {
        for (byte[] text : texts) {
            for (byte b : text) {
                if (b == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static MemorySegment strings(Arena arena, Collection<byte[]> texts) {
        List<MemorySegment> copies = new ArrayList<>();
        for (byte[] text : texts) {
            MemorySegment copy = arena.allocate(text.length + 1L);
            MemorySegment.copy(text, 0, copy, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, text.length);
            copies.add(copy);
        }
        MemorySegment array = arena.allocate(ADDRESS, copies.size() + 1L);
        for (int i = 0; i < copies.size(); i++) {
            array.setAtIndex(ADDRESS, i, copies.get(i));
        }
        return array;
    }

    private static void ok(int error) {
        if (error != 0) {
            throw new IllegalStateException("posix_spawn set-up: " + Errno.text(error));
        }
    }

    private static MethodHandle on1(String name) {
        return Libc.plain(name, FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    private static MethodHandle on2(String name) {
        return Libc.plain(name, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }
}
