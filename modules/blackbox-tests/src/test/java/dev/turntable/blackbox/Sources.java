package dev.turntable.blackbox;

import dev.turntable.testkit.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's Java files and documents, as a person reads them. */
final class Sources {
    private static final Set<String> SKIPPED = Set.of(".git", "target", "node_modules");
    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);

    private Sources() {}

    /** A place in a file, as an editor opens it. */
    record Line(Path file, int number, String text) {
        @Override
        public String toString() {
            return Image.ROOT.relativize(file) + ":" + number + ": " + text.strip();
        }
    }

    static List<Path> java() {
        return files(".java");
    }

    static List<Path> documents() {
        return files(".md");
    }

    /** What is written for people: the lines of documents, and the comments of Java files. */
    static List<Line> prose() {
        return Stream.concat(
                        documents().stream().flatMap(file -> lines(file, text(file))),
                        java().stream().flatMap(file -> lines(file, comments(text(file)))))
                .toList();
    }

    static Stream<Line> lines(Path file) {
        return lines(file, text(file));
    }

    private static Stream<Line> lines(Path file, String text) {
        List<String> lines = text.lines().toList();
        return java.util.stream.IntStream.range(0, lines.size()).mapToObj(i -> new Line(file, i + 1, lines.get(i)));
    }

    /** The text with everything but its comments taken out, its lines kept. */
    private static String comments(String java) {
        var kept = new StringBuilder();
        int end = 0;
        for (Matcher found = COMMENT.matcher(java); found.find(); end = found.end()) {
            kept.append(java.substring(end, found.start()).replaceAll("[^\\n]", ""));
            String text = found.group();
            kept.append(text.startsWith("/") ? text : text.replaceAll("[^\\n]", ""));
        }
        return kept.toString();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(String ending) {
        try (Stream<Path> roots = Files.list(Image.ROOT)) {
            return roots.filter(root -> !SKIPPED.contains(root.getFileName().toString()))
                    .flatMap(Sources::below)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> below(Path file) {
        if (!Files.isDirectory(file)) {
            return Stream.of(file);
        }
        try (Stream<Path> inside = Files.list(file)) {
            return inside.filter(path -> !SKIPPED.contains(path.getFileName().toString())).toList().stream()
                    .flatMap(Sources::below);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
