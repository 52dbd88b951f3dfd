package dev.turntable.app.cli;

import dev.turntable.demo.DemoUpstream;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * {@code turntable demo-upstream}: a small OpenAI-shaped server to try and test with.
 *
 * <p>The image's launcher starts it without this class, as a small JVM of its own; this is for whoever starts {@code Main} directly.
 */
@Command(
        name = CommandDemoUpstream.NAME,
        description = "a small OpenAI-shaped server to try and test with (demo-upstream --help)")
final class CommandDemoUpstream {
    static final String NAME = "demo-upstream";

    /** Its options are its own, in its own syntax. */
    static int run(String... words) {
        return DemoUpstream.run(List.of(words).subList(1, words.length));
    }
}
