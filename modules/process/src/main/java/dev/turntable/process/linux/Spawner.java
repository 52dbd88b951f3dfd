package dev.turntable.process.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Starts programs as Go's {@code os/exec} does, with its lookup, its environment rules and its error texts (llama-swap §4.3). */
public final class Spawner {
    private static final int EINVAL = 22;

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

    /** Does now what the first start would otherwise wait for: linking the C library, a tenth of a second in a cold JVM. */
    public static void warmUp() {
        PosixSpawn.link();
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
            return failed(path, EINVAL);
        }
        if (hasNul(envp)) {
            return new Result.Failed("exec: environment variable contains NUL");
        }
        int result = PosixSpawn.spawn(path, argv, envp, output);
        return result > 0 ? new Result.Started(result) : failed(path, -result);
    }

    private static Result failed(String path, int errno) {
        return new Result.Failed("fork/exec " + path + ": " + Errno.text(errno));
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
}
