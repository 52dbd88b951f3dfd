package dev.turntable.process.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
final class PosixSpawn {
    /** Larger than the structures of any C library; they are opaque to us. */
    private static final long OPAQUE_BYTES = 1024;

    private static final int SETSIGDEF_SETSIGMASK_SETSID = 0x04 | 0x08 | 0x80;

    private static final MemorySegment SPAWN = Libc.function("posix_spawn");
    private static final MemorySegment ATTR_INIT = Libc.function("posix_spawnattr_init");
    private static final MemorySegment ATTR_DESTROY = Libc.function("posix_spawnattr_destroy");
    private static final MemorySegment ATTR_FLAGS = Libc.function("posix_spawnattr_setflags");
    private static final MemorySegment ATTR_SIGDEFAULT = Libc.function("posix_spawnattr_setsigdefault");
    private static final MemorySegment ATTR_SIGMASK = Libc.function("posix_spawnattr_setsigmask");
    private static final MemorySegment FILES_INIT = Libc.function("posix_spawn_file_actions_init");
    private static final MemorySegment FILES_DESTROY = Libc.function("posix_spawn_file_actions_destroy");
    private static final MemorySegment FILES_OPEN = Libc.function("posix_spawn_file_actions_addopen");
    private static final MemorySegment FILES_DUP = Libc.function("posix_spawn_file_actions_adddup2");
    private static final Optional<MemorySegment> FILES_CLOSE_FROM =
            Libc.find("posix_spawn_file_actions_addclosefrom_np");
    private static final MemorySegment SIGFILLSET = Libc.function("sigfillset");
    private static final MemorySegment SIGEMPTYSET = Libc.function("sigemptyset");

    private PosixSpawn() {}

    /** Links the functions, which loading this class does. */
    static void link() {}

    /** The pid, or minus the error number. No text may hold a NUL. */
    static int spawn(String path, List<byte[]> argv, Collection<byte[]> envp, Path output) {
        try (Arena arena = Arena.ofConfined()) {
            return spawn(arena, path, strings(arena, argv), strings(arena, envp), output);
        }
    }

    private static int spawn(Arena arena, String path, MemorySegment argv, MemorySegment envp, Path output) {
        MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment files = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment signals = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment pid = arena.allocate(JAVA_INT);
        call(ATTR_INIT, attributes);
        call(FILES_INIT, files);
        try {
            call(ATTR_FLAGS, attributes, SETSIGDEF_SETSIGMASK_SETSID);
            call(SIGFILLSET, signals);
            call(ATTR_SIGDEFAULT, attributes, signals.address());
            call(SIGEMPTYSET, signals);
            call(ATTR_SIGMASK, attributes, signals.address());
            call(FILES_OPEN, files, 0, arena.allocateFrom("/dev/null").address(), Libc.O_RDONLY);
            call(FILES_OPEN, files, 1, arena.allocateFrom(output.toString()).address(), Libc.O_RDWR);
            call(FILES_DUP, files, 1, 2);
            closeTheRest(files);
            int error = Libc.plain(
                    SPAWN,
                    pid.address(),
                    arena.allocateFrom(path).address(),
                    files.address(),
                    attributes.address(),
                    argv.address(),
                    envp.address());
            return error == 0 ? pid.get(JAVA_INT, 0) : -error;
        } finally {
            call(FILES_DESTROY, files);
            call(ATTR_DESTROY, attributes);
        }
    }

    /** The JDK opens its sockets without close-on-exec: a child that inherited our listener would keep the port after our death. */
    private static void closeTheRest(MemorySegment files) {
        if (FILES_CLOSE_FROM.isPresent()) {
            call(FILES_CLOSE_FROM.get(), files, 3);
        } else {
            Libc.closeRangeOnExec(3);
        }
    }

    /** Calls a function that prepares a spawn: the structure first, then at most three more words. */
    private static void call(MemorySegment function, MemorySegment structure, long... more) {
        int error = Libc.plain(function, structure.address(), word(more, 0), word(more, 1), word(more, 2), 0, 0);
        if (error != 0) {
            throw new OsException("posix_spawn set-up", error);
        }
    }

    private static long word(long[] words, int i) {
        return i < words.length ? words[i] : 0;
    }

    private static MemorySegment strings(Arena arena, Collection<byte[]> texts) {
        List<MemorySegment> copies = new ArrayList<>();
        for (byte[] text : texts) {
            MemorySegment copy = arena.allocate(text.length + 1L);
            MemorySegment.copy(text, 0, copy, JAVA_BYTE, 0, text.length);
            copies.add(copy);
        }
        MemorySegment array = arena.allocate(ADDRESS, copies.size() + 1L);
        for (int i = 0; i < copies.size(); i++) {
            array.setAtIndex(ADDRESS, i, copies.get(i));
        }
        return array;
    }
}
