package dev.turntable.config;

import dev.turntable.config.compat.CommandSplitter;
import java.util.List;

/** A command split into arguments; an empty one is only an error when it is run (llama-swap §2.4). */
public sealed interface CommandLine {
    /** At least one argument, the first is the program. */
    record Args(List<String> args) implements CommandLine {
        public Args {
            args = List.copyOf(args);
        }
    }

    /** Nothing to run; {@code reason} is llama-swap's text. */
    record Invalid(String reason) implements CommandLine {}

    /** Splits a command as llama-swap does: comment lines, continuations, then POSIX quoting without any expansion. */
    static CommandLine parse(String command) {
        List<String> args = CommandSplitter.split(command);
        return args.isEmpty() ? new Invalid("empty command") : new Args(args);
    }
}
