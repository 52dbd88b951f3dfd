package dev.turntable.config.loading.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;

/** Says a syntax error in the words of llama-swap's YAML library, which people search for, with the place where it really is. */
final class Problem {
    private Problem() {}

    static YamlException of(Source source, MarkedYamlEngineException e) {
        Optional<Mark> problem = e.getProblemMark();
        int line = problem.map(Mark::getLine).orElse(0);
        int column = problem.map(Mark::getColumn).orElse(0);
        Pos pos = new Pos(source, line + 1, column + 1, line + 1, column + 2);
        return new YamlException("yaml: " + toldLine(e, line) + words(e), pos, true);
    }

    static YamlException of(Source source, String text, ReaderException e) {
        int end = Math.min(Math.max(e.getPosition(), 0), text.length());
        String before = text.substring(0, end);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = end - (before.lastIndexOf('\n') + 1) + 1;
        Pos pos = new Pos(source, line, column, line, column + 1);
        return new YamlException("yaml: control characters are not allowed", pos, true);
    }

    /** The line number in the message counts as that library does: from the start of the construct, and from 0 outside its scanner. */
    private static String toldLine(MarkedYamlEngineException e, int problemLine) {
        int line = e.getContextMark().map(Mark::getLine).filter(l -> l != 0).orElse(problemLine);
        if (line == 0) {
            return "";
        }
        return "line " + (e instanceof ScannerException ? line + 1 : line) + ": ";
    }

    private static String words(MarkedYamlEngineException e) {
        String problem = e.getProblem();
        String context = e.getContext() == null ? "" : e.getContext();
        if (problem.startsWith("found undefined alias")) {
            return "unknown anchor '"
                    + problem.substring("found undefined alias".length()).strip() + "' referenced";
        }
        if (problem.contains("that cannot start any token")) {
            return "found character that cannot start any token";
        }
        if (problem.startsWith("found unknown escape character")) {
            return "found unknown escape character";
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return "mapping values are not allowed in this context";
        }
        if (problem.startsWith("sequence entries are not allowed")) {
            return "block sequence entries are not allowed in this context";
        }
        if (problem.startsWith("expected ',' or '}'")) {
            return "did not find expected ',' or '}'";
        }
        if (problem.startsWith("expected ',' or ']'")) {
            return "did not find expected ',' or ']'";
        }
        if (problem.startsWith("expected the node content")) {
            return "did not find expected node content";
        }
        if (problem.startsWith("expected <block end>")) {
            return context.contains("mapping") ? "did not find expected key" : "did not find expected '-' indicator";
        }
        return problem;
    }
}
