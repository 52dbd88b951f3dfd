import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process under measurement: started, watched for the moment it listens, looked at from outside, ended. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final InetSocketAddress address;
    private final double listenMillis;

    private Program(Process process, InetSocketAddress address, double listenMillis) {
        this.process = process;
        this.address = address;
        this.listenMillis = listenMillis;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static Program start(int port, Path log, Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        Process process = builder.start();
        var address = new InetSocketAddress("127.0.0.1", port);
        while (!accepts(address)) {
            if (!process.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " does not listen: " + Files.readString(log));
            }
            LockSupport.parkNanos(1_000_000);
        }
        return new Program(process, address, (System.nanoTime() - began) / 1e6);
    }

    private static boolean accepts(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** From the start of the process to its first accepted connection. */
    double listenMillis() {
        return listenMillis;
    }

    double residentMegabytes() throws IOException {
        Matcher line = Pattern.compile("VmRSS:\\s+(\\d+)").matcher(Files.readString(proc("status")));
        return line.find() ? Long.parseLong(line.group(1)) / 1024.0 : Double.NaN;
    }

    /** Percent of one processor used over a time in which nobody asks for anything. */
    double idlePercent(Duration time) throws IOException {
        long before = ticks();
        LockSupport.parkNanos(time.toNanos());
        return (ticks() - before) * 10.0 / time.toMillis() * 100;
    }

    private long ticks() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private Path proc(String file) {
        return Path.of("/proc/" + process.pid() + "/" + file);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
