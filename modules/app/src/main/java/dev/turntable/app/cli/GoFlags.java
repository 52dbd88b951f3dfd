package dev.turntable.app.cli;

import dev.turntable.app.ExitCode;
import dev.turntable.app.StartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Go's flag syntax in front of picocli (llama-swap §1.1): one dash or two, {@code -name value} or {@code -name=value}, switches take
 * no separate value, the last of a repeated flag wins, parsing stops at the first word that is no flag.
 *
 * <p>The outcome is the same words in the one form {@code -name=value}, which picocli reads without surprises. We differ in one
 * thing: a stray word is refused where it was meant as a switch's value, and told of elsewhere (docs/from-llama-swap.md).
 */
final class GoFlags {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private final CommandLine command;
    private final CommandSpec spec;
    private final List<String> out = new ArrayList<>();
    private final Consumer<String> ignored;

    private GoFlags(CommandLine command, Consumer<String> ignored) {
        this.command = command;
        this.ignored = ignored;
        this.spec = command.getCommandSpec();
    }

    /** The words for picocli, with a line about those that are left out; throws picocli's {@link ParameterException} with Go's words when they are wrong. */
    static List<String> normalise(CommandLine command, List<String> words, Consumer<String> ignored) {
        return new GoFlags(command, ignored).run(words);
    }

    private List<String> run(List<String> words) {
        int i = 0;
        while (i < words.size() && words.get(i).startsWith("-") && words.get(i).length() > 1) {
            String word = words.get(i++);
            if (word.equals("--")) {
                break;
            }
            String flag = word.substring(word.startsWith("--") ? 2 : 1);
            if (flag.isEmpty() || flag.startsWith("-") || flag.startsWith("=")) {
                throw wrong("bad flag syntax: " + word);
            }
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            OptionSpec option = option(name);
            if (equals >= 0) {
                out.add(value(option, name, flag.substring(equals + 1)));
            } else if (isSwitch(option)) {
                out.add(value(option, name, "true"));
            } else if (i < words.size()) {
                out.add(value(option, name, words.get(i++)));
            } else {
                throw wrong("flag needs an argument: -" + name);
            }
        }
        List<String> rest = words.subList(i, words.size());
        if (!rest.isEmpty() && spec.positionalParameters().isEmpty()) {
            stray(words, i);
            return out;
        }
        if (!rest.isEmpty()) {
            out.add("--");
            out.addAll(rest);
        }
        return out;
    }

    /**
     * A word that is no flag ends the flags, and llama-swap ignores it with all behind it. So do we, but not where that bites: when it was
     * meant as the value of a switch, or hides the configuration.
     */
    private void stray(List<String> words, int at) {
        String word = words.get(at);
        boolean configured = out.stream().anyMatch(w -> w.startsWith("-config=") || w.startsWith("-config-dir="));
        boolean meant = TRUE.contains(word) || FALSE.contains(word);
        if (!configured) {
            throw new StartException(
                    ExitCode.REFUSED,
                    "unexpected argument: " + word
                            + " (it ends the flags, and at least one of -config or -config-dir must be provided before it)");
        }
        if (meant) {
            throw wrong("unexpected argument: " + word
                    + " (a switch takes its value with an equals sign: -watch-config=false)");
        }
        ignored.accept("ignored: " + String.join(" ", words.subList(at, words.size())));
    }

    private OptionSpec option(String name) {
        OptionSpec option = spec.optionsMap().get("-" + (name.equals("h") ? "help" : name));
        if (option == null) {
            throw wrong("flag provided but not defined: -" + name);
        }
        return option;
    }

    private String value(OptionSpec option, String name, String value) {
        if (!isSwitch(option)) {
            return option.longestName() + "=" + value;
        }
        if (!TRUE.contains(value) && !FALSE.contains(value)) {
            throw wrong("invalid boolean value \"%s\" for -%s: parse error".formatted(value, name));
        }
        return option.longestName() + "=" + TRUE.contains(value);
    }

    private static boolean isSwitch(OptionSpec option) {
        return option.type() == boolean.class;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command, message);
    }
}
