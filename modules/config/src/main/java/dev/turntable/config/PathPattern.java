package dev.turntable.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** A pattern of the RE2 dialect (llama-swap §13): a search takes time linear in the text, whatever the pattern and whoever wrote the text. */
public final class PathPattern {
    private final Pattern pattern;

    private PathPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Throws {@link IllegalArgumentException} with the reference's words when {@code regex} is no pattern. */
    public static PathPattern of(String regex) {
        try {
            return new PathPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** True when the pattern is found anywhere in {@code text}. */
    public boolean isFoundIn(String text) {
        return pattern.matcher(text).find();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    /** The pattern as written. */
    @Override
    public String toString() {
        return pattern.pattern();
    }
}
