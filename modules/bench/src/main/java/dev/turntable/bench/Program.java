package dev.turntable.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that serves: started, watched for the moment it listens, looked at from outside, ended. Owns a thread that reads its output. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("(?:listening on|serves) (?:https?://)?(?:\\S+:)?(\\d+)$");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+)");

    private final Process process;
    private final int port;
    private final double listenMillis;

    private Program(Process process, int port, double listenMillis) {
        this.process = process;
        this.port = port;
        this.listenMillis = listenMillis;
    }

    /** Starts a program that prints where it listens. */
    static Program saying(List<String> command, Map<String, String> environment) throws IOException {
        long began = System.nanoTime();
        Process process = builder(command, environment).start();
        var listening = new CompletableFuture<Integer>();
        Thread.ofPlatform().daemon().start(() -> drain(process, listening));
        try {
            int port = listening.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return new Program(process, port, (System.nanoTime() - began) / 1e6);
        } catch (Exception e) {
            process.destroyForcibly();
            throw new IOException(command.getFirst() + " does not listen: " + e.getMessage(), e);
        }
    }

    /** Starts a program that listens on a port it was given and says nothing. */
    static Program on(int port, List<String> command) throws IOException {
        long began = System.nanoTime();
        Process process = builder(command, Map.of()).start();
        Thread.ofPlatform().daemon().start(() -> drain(process, new CompletableFuture<>()));
        while (!accepts(port)) {
            if (!process.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " does not listen");
            }
            LockSupport.parkNanos(500_000);
        }
        return new Program(process, port, (System.nanoTime() - began) / 1e6);
    }

    private static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder;
    }

    private static void drain(Process process, CompletableFuture<Integer> listening) {
        var said = new StringBuilder();
        try (var in = process.inputReader()) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!listening.isDone()) {
                    said.append(line).append('\n');
                    Matcher found = LISTENING.matcher(line);
                    if (found.find()) {
                        listening.complete(Integer.parseInt(found.group(1)));
                    }
                }
            }
        } catch (IOException ended) {
            said.append(ended.getMessage());
        }
        listening.completeExceptionally(new IOException("it ended: " + said));
    }

    /** Runs a program to its end; the last line it printed. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = builder(command, Map.of()).start();
        String said =
                new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
        return said;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** From the start of the process until it says that it listens. */
    double listenMillis() {
        return listenMillis;
    }

    double residentMegabytes() throws IOException {
        Matcher line = RESIDENT.matcher(Files.readString(proc("status")));
        return line.find() ? Long.parseLong(line.group(1)) / 1024.0 : Double.NaN;
    }

    /** Percent of one processor used over a time in which nobody asks for anything. */
    double idlePercent(Duration time) throws IOException {
        double before = cpuSeconds();
        LockSupport.parkNanos(time.toNanos());
        return (cpuSeconds() - before) / time.toMillis() * 1e5;
    }

    /** Processor time used so far; the kernel counts it in hundredths. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    private Path proc(String file) {
        return Path.of("/proc/" + process.pid() + "/" + file);
    }

    /** SIGTERM, and waits for the end; how long that took. */
    double stopMillis() throws IOException {
        long began = System.nanoTime();
        process.toHandle().destroy();
        try {
            process.toHandle().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new IOException("it does not end", e);
        }
        return (System.nanoTime() - began) / 1e6;
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
