package dev.turntable.config.compat;

import java.util.ArrayList;
import java.util.List;

/** Turns a command text into arguments (llama-swap §2.4): nothing is expanded, only lines, blanks, quotes and backslashes mean anything. */
public final class CommandSplitter {
    private final String text;
    private final List<String> args = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean strayComment;
    private int at;

    private CommandSplitter(String text) {
        this.text = text;
    }

    public static List<String> split(String command) {
        CommandSplitter splitter = new CommandSplitter(joinLines(command));
        splitter.run();
        return List.copyOf(splitter.args);
    }

    /** True when an argument begins with a bare {@code #}: most likely a comment that lost its line to a fold or a macro. */
    public static boolean hasStrayComment(String command) {
        CommandSplitter splitter = new CommandSplitter(joinLines(command));
        splitter.run();
        return splitter.strayComment;
    }

    /** Drops the lines whose first non-blank character is {@code #}, whatever quotes surround them. */
    public static String withoutComments(String command) {
        if (command.indexOf('#') < 0) {
            return command;
        }
        List<String> kept = new ArrayList<>();
        for (String line : command.split("\n", -1)) {
            if (!GoText.trim(line).startsWith("#")) {
                kept.add(line);
            }
        }
        return String.join("\n", kept);
    }

    private static String joinLines(String command) {
        StringBuilder joined = new StringBuilder();
        String separator = "";
        for (String line : command.split("\n", -1)) {
            String trimmed = GoText.trim(line);
            if (trimmed.startsWith("#")) {
                continue;
            }
            joined.append(separator);
            joined.append(trimmed.endsWith("\\") ? trimmed.substring(0, trimmed.length() - 1) + " " : line);
            separator = "\n";
        }
        return joined.toString();
    }

    private void run() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case ' ', '\t', '\n' -> endWord();
                case '\'' -> single();
                case '"' -> twofold();
                case '\\' -> escape();
                default -> {
                    strayComment |= c == '#' && !inWord;
                    add(c);
                }
            }
        }
        endWord();
    }

    private void single() {
        inWord = true;
        int end = text.indexOf('\'', at);
        int stop = end < 0 ? text.length() : end;
        word.append(text, at, stop);
        at = end < 0 ? stop : end + 1;
    }

    private void twofold() {
        inWord = true;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return;
            }
            if (c != '\\' || at == text.length()) {
                word.append(c);
                continue;
            }
            char next = text.charAt(at++);
            if (next == '\n') {
                continue;
            }
            if ("$`\"\\".indexOf(next) < 0) {
                word.append(c);
            }
            word.append(next);
        }
    }

    private void escape() {
        if (at == text.length()) {
            add('\\');
            return;
        }
        char next = text.charAt(at++);
        if (next != '\n') {
            add(next);
        }
    }

    private void add(char c) {
        inWord = true;
        word.append(c);
    }

    private void endWord() {
        if (inWord) {
            args.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
