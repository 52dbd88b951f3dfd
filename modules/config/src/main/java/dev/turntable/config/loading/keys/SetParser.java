package dev.turntable.config.loading.keys;

import dev.turntable.config.SetExpr;
import dev.turntable.config.compat.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Parses a matrix expression (llama-swap §2.9): {@code &} binds before {@code |}, {@code +name} is another set. */
final class SetParser {
    /** Deepest nesting of parentheses. */
    private static final int MAX_DEPTH = 500;

    private enum Kind {
        NAME,
        REF,
        AND,
        OR,
        OPEN,
        CLOSE,
        END
    }

    private record Token(Kind kind, String text) {}

    /** An expression is wrong; the message is what follows {@code set "s": }. */
    static final class Mistake extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mistake(String message) {
            super(message, null, false, false);
        }
    }

    private final List<Token> tokens;
    private final Function<String, SetExpr> names;
    private int at;
    private int depth;

    private SetParser(List<Token> tokens, Function<String, SetExpr> names) {
        this.tokens = tokens;
        this.names = names;
    }

    /**
     * Parses.
     *
     * @param names gives the expression of a var or model name, or throws a {@link Mistake}
     */
    static SetExpr parse(String text, Function<String, SetExpr> names) {
        String trimmed = GoText.trim(text);
        if (trimmed.isEmpty()) {
            throw new Mistake("empty DSL expression");
        }
        List<Token> tokens = tokenize(trimmed);
        SetExpr shape = new SetParser(tokens, SetExpr.Name::new).whole();
        return resolve(shape, names);
    }

    /** The sets that a text refers to, as far as it can be read. */
    static List<String> references(String text) {
        List<String> references = new ArrayList<>();
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            if (points[i] == '+') {
                int end = nameEnd(points, i + 1);
                if (end > i + 1) {
                    references.add(new String(points, i + 1, end - i - 1));
                }
                i = Math.max(i, end - 1);
            }
        }
        return references;
    }

    private static SetExpr resolve(SetExpr expr, Function<String, SetExpr> names) {
        return switch (expr) {
            case SetExpr.Name name -> names.apply(name.model());
            case SetExpr.Ref ref -> ref;
            case SetExpr.And and ->
                new SetExpr.And(
                        and.parts().stream().map(part -> resolve(part, names)).toList());
            case SetExpr.Or or ->
                new SetExpr.Or(
                        or.parts().stream().map(part -> resolve(part, names)).toList());
        };
    }

    private static List<Token> tokenize(String text) {
        List<Token> tokens = new ArrayList<>();
        int[] points = text.codePoints().toArray();
        int i = 0;
        while (i < points.length) {
            int c = points[i];
            if (c <= 0xFFFF && GoText.isSpace((char) c)) {
                i++;
                continue;
            }
            int end = nameEnd(points, i);
            if (end > i) {
                tokens.add(new Token(Kind.NAME, new String(points, i, end - i)));
                i = end;
                continue;
            }
            i++;
            switch (c) {
                case '&' -> tokens.add(new Token(Kind.AND, "&"));
                case '|' -> tokens.add(new Token(Kind.OR, "|"));
                case '(' -> tokens.add(new Token(Kind.OPEN, "("));
                case ')' -> tokens.add(new Token(Kind.CLOSE, ")"));
                case '+' -> {
                    end = nameEnd(points, i);
                    if (end == i) {
                        throw new Mistake("tokenize: expected set name after '+' at position " + i);
                    }
                    tokens.add(new Token(Kind.REF, new String(points, i, end - i)));
                    i = end;
                }
                default ->
                    throw new Mistake(
                            "tokenize: unexpected character '" + Character.toString(c) + "' at position " + (i - 1));
            }
        }
        tokens.add(new Token(Kind.END, ""));
        return tokens;
    }

    private static int nameEnd(int[] points, int from) {
        int i = from;
        while (i < points.length
                && (Character.isLetter(points[i]) || Character.isDigit(points[i]) || "_-.".indexOf(points[i]) >= 0)) {
            i++;
        }
        return i;
    }

    private SetExpr whole() {
        SetExpr expr = either();
        if (peek().kind() != Kind.END) {
            throw new Mistake("parse: unexpected token " + GoText.quoted(peek().text()) + " after expression");
        }
        return expr;
    }

    private SetExpr either() {
        List<SetExpr> parts = new ArrayList<>(List.of(both()));
        while (peek().kind() == Kind.OR) {
            at++;
            parts.add(both());
        }
        return parts.size() == 1 ? parts.getFirst() : new SetExpr.Or(parts);
    }

    private SetExpr both() {
        List<SetExpr> parts = new ArrayList<>(List.of(atom()));
        while (peek().kind() == Kind.AND) {
            at++;
            parts.add(atom());
        }
        return parts.size() == 1 ? parts.getFirst() : new SetExpr.And(parts);
    }

    private SetExpr atom() {
        Token token = peek();
        switch (token.kind()) {
            case NAME -> {
                at++;
                return names.apply(token.text());
            }
            case REF -> {
                at++;
                return new SetExpr.Ref(token.text());
            }
            case OPEN -> {
                return parenthesised();
            }
            case AND, OR, CLOSE, END -> throw new Mistake("parse: unexpected token " + GoText.quoted(token.text()));
        }
        throw new Mistake("parse: unexpected token " + GoText.quoted(token.text()));
    }

    private SetExpr parenthesised() {
        if (++depth > MAX_DEPTH) {
            throw new Mistake("parse: parentheses are nested more than " + MAX_DEPTH + " deep");
        }
        at++;
        SetExpr inner = either();
        if (peek().kind() != Kind.CLOSE) {
            throw new Mistake("parse: missing closing parenthesis");
        }
        at++;
        depth--;
        return inner;
    }

    private Token peek() {
        return tokens.get(at);
    }
}
