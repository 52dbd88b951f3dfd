package dev.turntable.config.loading.yaml;

/** A text is not YAML, or not YAML that may be used; message and place are those to show. */
public final class YamlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Pos pos;
    private final boolean syntax;

    public YamlException(String message, Pos pos, boolean syntax) {
        super(message, null, false, false);
        this.pos = pos;
        this.syntax = syntax;
    }

    public Pos pos() {
        return pos;
    }

    /** False when the text is well formed, but a rule on its content is broken: a key given twice, an alias too many. */
    public boolean isSyntax() {
        return syntax;
    }
}
