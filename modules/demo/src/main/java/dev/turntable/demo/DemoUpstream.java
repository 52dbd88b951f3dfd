package dev.turntable.demo;

import dev.turntable.demo.Options.Option;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A small OpenAI-shaped server: the demo's models, and the awkward upstream of the tests.
 *
 * <p>It is a process of its own, so it starts fast and stays small: plain sockets and virtual threads, no Helidon, no Chronicle, no
 * logger. The image's launcher starts this class as a small JVM of its own: {@code turntable demo-upstream --help} lists its options and
 * the orders that a request can carry.
 */
public final class DemoUpstream {
    /** Connections waiting to be accepted; a test opens some hundreds at once. */
    private static final int BACKLOG = 1024;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private final Options options;
    private final List<String> words;
    private final PrintStream out;
    private final long started = System.nanoTime();

    private DemoUpstream(Options options, List<String> words, PrintStream out) {
        this.options = options;
        this.words = words;
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** Serves until it is ended; returns an exit code only when it could not start, or was only asked for help. */
    public static int run(List<String> words) {
        try {
            Options options = Options.parse(words);
            if (options.has(Option.HELP)) {
                System.out.print(Options.help());
                return 0;
            }
            return new DemoUpstream(options, words, System.out).serve();
        } catch (Options.WrongOption e) {
            System.err.println("demo-upstream: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            System.err.println("demo-upstream: " + e.getMessage());
            return 1;
        }
    }

    private int serve() throws IOException {
        options.text(Option.SAY).ifPresent(out::println);
        if (options.has(Option.EXIT_AT_START)) {
            return options.number(Option.EXIT_AT_START, 1);
        }
        misbehave();
        pause(options.millis(Option.LISTEN_AFTER_MS, 0));
        try (var server = new ServerSocket()) {
            server.setReuseAddress(true);
            String host = options.text(Option.HOST).orElse("127.0.0.1");
            server.bind(new InetSocketAddress(host, options.number(Option.PORT, 0)), BACKLOG);
            out.println(name() + " listening on " + host + ":" + server.getLocalPort());
            Answers answers = new Answers(options, words, started, out);
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> Connection.serve(socket, answers));
            }
        }
    }

    private String name() {
        return options.text(Option.NAME).orElse("demo");
    }

    /** Starts what runs beside the requests: signals, deadlines, chatter, a child. */
    private void misbehave() throws IOException {
        // A shutdown hook that does not end keeps the JVM, and everything in it, alive.
        if (options.has(Option.IGNORE_TERM)) {
            atSignal(() -> pause(Duration.ofDays(1)));
        } else if (options.has(Option.TERM_MS)) {
            atSignal(this::endSlowly);
        }
        if (options.has(Option.FORK_CHILD)) {
            Process child = new ProcessBuilder("sh", "-c", "trap '' TERM HUP; while :; do sleep 1; done").start();
            out.println(name() + " child " + child.pid());
        }
        if (options.has(Option.EXIT_AFTER_MS)) {
            beside("exit", () -> {
                pause(options.millis(Option.EXIT_AFTER_MS, 0));
                Runtime.getRuntime().halt(7);
            });
        }
        if (options.has(Option.CHATTER_MS)) {
            beside("chatter", this::chatter);
        }
    }

    private void endSlowly() {
        out.println(name() + " got SIGTERM");
        pause(options.millis(Option.TERM_MS, 0));
        out.println(name() + " ends");
        Runtime.getRuntime().halt(0);
    }

    private void chatter() {
        for (long n = 1; ; n++) {
            out.println(name() + " line " + n);
            System.err.println(name() + " error line " + n);
            pause(options.millis(Option.CHATTER_MS, 1000));
        }
    }

    private static void atSignal(Runnable action) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("signal").unstarted(action));
    }

    private static void beside(String name, Runnable action) {
        Thread.ofVirtual().name(name).start(action);
    }

    /** A file is a gate that a test can open for a process of its own, at the moment it chooses. */
    static boolean isThere(String file) {
        return Files.exists(Path.of(file));
    }

    static void awaitFile(String file) {
        while (!isThere(file)) {
            pause(BETWEEN_LOOKS);
        }
    }

    /** Being slow is what this program is for; nothing in the product sleeps. */
    static void pause(Duration time) {
        if (!time.isZero()) {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
