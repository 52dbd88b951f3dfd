package dev.turntable.sim;

import dev.turntable.sim.upstream.Upstream;
import java.util.List;

/**
 * The demo upstream's front door: a small OpenAI-shaped server, one for each model of the demo, awkward on demand for the tests.
 *
 * <p>The image's launcher starts this class as a small JVM of its own: {@code turntable demo-upstream --help}.
 */
public final class DemoUpstream {
    private DemoUpstream() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** Serves until it is ended; returns an exit code only when it could not start, or was only asked for help. */
    public static int run(List<String> words) {
        return Upstream.run(words);
    }
}
