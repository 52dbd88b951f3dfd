package dev.turntable.sim;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The simulator's front door, {@code turntable sim}: plays one world for each seed, a line for each, a summary last. Nothing it prints
 * comes from a real clock: the same words give the same lines.
 */
public final class Simulator {
    /** Every law held. */
    public static final int DONE = 0;

    /** A law was broken. */
    public static final int BROKEN = 1;

    /** The words make no sense. */
    public static final int USAGE = 2;

    private static final String HELP = """
            Usage: turntable sim [--seed N] [--runs K] [--threads T] [--quiet]
                   turntable sim --seed N --replay
            Plays simulated hours of clients, processes, operators and faults on the real core, Conductor and journal.
              --seed N      first seed (1)
              --runs K      so many seeds, one after the other (1)
              --threads T   worlds played side by side (as many as there are processors); changes no line
              --quiet       no line for a seed that holds every law; one for every 1,000 seeds instead
              --replay      tell the seed step by step; one that breaks a law is made small first
            A line for each seed, a summary last. Exit code 0 when every law held, 1 when one was broken, 2 for a wrong command line.
            """;

    /** What the servers of the worlds have to say stands in their journals; only a replay tells it. */
    private static final Logger MUTED = Logger.getLogger("dev.turntable");

    /** A quiet run says how far it is after so many seeds. */
    private static final int QUIET_SEEDS = 1_000;

    private final PrintStream out;
    private final Sabotage sabotage;
    private final MessageDigest chains = sha256();
    private long done;
    private long commits;
    private long swaps;
    private long requests;
    private long broken;
    private long first;
    private Duration worst = Duration.ZERO;
    private long worstSeed;

    Simulator(PrintStream out, Sabotage sabotage) {
        this.out = out;
        this.sabotage = sabotage;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(java.io.FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8);
        int code = run(List.of(args), out, System.err);
        out.flush();
        System.exit(code);
    }

    /** Runs what the words say and returns the exit code. */
    public static int run(List<String> words, PrintStream out, PrintStream err) {
        mute();
        SimOptions options;
        try {
            options = SimOptions.parse(words);
        } catch (IllegalArgumentException e) {
            err.println("turntable sim: " + e.getMessage());
            err.println("Try: turntable sim --help");
            return USAGE;
        }
        if (options.help()) {
            out.print(HELP);
            return DONE;
        }
        Simulator simulator = new Simulator(out, Sabotage.NONE);
        return options.replay() ? simulator.replay(options.seed()) : simulator.play(options);
    }

    static void mute() {
        MUTED.setLevel(Level.OFF);
    }

    // Many

    int play(SimOptions options) {
        ArrayDeque<Future<World.Outcome>> running = new ArrayDeque<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(options.threads())) {
            long next = options.seed();
            long end = options.seed() + options.runs();
            while (next < end || !running.isEmpty()) {
                while (next < end && running.size() < 4 * options.threads()) {
                    long seed = next++;
                    running.add(workers.submit(() -> world(seed)));
                }
                report(running.remove().get(), options);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return BROKEN;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a world ended as none may", e.getCause());
        }
        out.println(options.runs() + " runs, " + totals());
        return broken == 0 ? DONE : BROKEN;
    }

    private World.Outcome world(long seed) {
        return new World(Planner.of(seed), Story.UNTOLD, sabotage).run();
    }

    private void report(World.Outcome outcome, SimOptions options) {
        commits += outcome.commits();
        swaps += outcome.swaps();
        requests += outcome.requests();
        if (outcome.worstWait().compareTo(worst) > 0) {
            worst = outcome.worstWait();
            worstSeed = outcome.seed();
        }
        if (!options.quiet() || outcome.breach().isPresent()) {
            out.println(line(outcome));
        }
        outcome.breach().ifPresent(breach -> {
            if (broken++ == 0) {
                first = outcome.seed();
                explain(outcome.seed(), breach);
            }
        });
        chains.update(outcome.chain().getBytes(StandardCharsets.UTF_8));
        if (++done % QUIET_SEEDS == 0 && options.quiet()) {
            out.println(
                    "seeds " + options.seed() + " to " + outcome.seed() + ": " + totals() + ", chains " + allChains());
            out.flush();
        }
    }

    /** One hash over the chains of all seeds so far, in their order: two runs with the same one have met the same journals. */
    private String allChains() {
        try {
            byte[] soFar = ((MessageDigest) chains.clone()).digest();
            return HexFormat.of().formatHex(soFar, 0, 16);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every Java platform can copy SHA-256", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String line(World.Outcome outcome) {
        return "seed " + outcome.seed() + "  commits " + outcome.commits() + "  swaps " + outcome.swaps()
                + "  worst wait "
                + seconds(outcome.worstWait()) + "  chain " + outcome.chain()
                + outcome.breach()
                        .map(b -> "  BROKEN " + b.law() + ": " + b.what())
                        .orElse("");
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f s", time.toNanos() / 1_000 / 1e6);
    }

    private String totals() {
        return commits + " commits, " + requests + " requests, " + swaps + " swaps, worst wait " + seconds(worst)
                + " (seed " + worstSeed + "), "
                + (broken == 0 ? "every law held" : broken + " runs BROKEN, the first is seed " + first);
    }

    // One

    private void explain(long seed, Breach breach) {
        Plan small = Shrinker.shrink(Planner.of(seed), breach, sabotage);
        Breach shown = new World(small, Story.UNTOLD, sabotage).run().breach().orElse(breach);
        out.println("  seed " + seed + ", after commit " + shown.seq() + ", " + seconds(shown.at())
                + " into the world: " + shown.law());
        out.println("  " + shown.what());
        out.println("  the shortest list of events found:");
        list(small);
        out.println("  step by step: turntable sim --seed " + seed + " --replay");
    }

    private void list(Plan plan) {
        for (Plan.Happening happening : plan.happenings()) {
            out.println("    at " + seconds(happening.at()) + " " + happening.deed());
        }
        for (Plan.Client client : plan.clients()) {
            if (!client.asks().isEmpty()) {
                out.println("    " + client.name() + ", from " + seconds(client.begins()) + " on"
                        + (client.waits() ? ", each when the one before has ended:" : ":"));
            }
            for (Plan.Ask ask : client.asks()) {
                out.println("      after " + seconds(ask.think()) + " asks for " + ask.model()
                        + ask.profile().map(p -> " in " + p).orElse("") + ", works " + seconds(ask.work())
                        + ask.patience()
                                .map(p -> ", waits at most " + seconds(p))
                                .orElse("")
                        + ask.hangUp()
                                .map(p -> ", hangs up after " + seconds(p))
                                .orElse(""));
            }
        }
        if (!plan.calm().isEmpty()) {
            out.println("    processes of " + plan.calm() + " behave");
        }
    }

    int replay(long seed) {
        Plan plan = Planner.of(seed);
        Optional<Breach> breach = new World(plan, Story.UNTOLD, sabotage).run().breach();
        if (breach.isPresent()) {
            plan = Shrinker.shrink(plan, breach.get(), sabotage);
            out.println("the shortest list of events found:");
            list(plan);
        }
        World.Outcome outcome = new World(plan, this::tell, sabotage).run();
        out.println(line(outcome));
        outcome.breach().ifPresent(b -> out.println(b.law() + ": " + b.what()));
        return outcome.breach().isEmpty() ? DONE : BROKEN;
    }

    private void tell(Duration at, String what) {
        out.println(String.format(Locale.ROOT, "%12.6f  %s", at.toNanos() / 1e9, what));
    }
}
