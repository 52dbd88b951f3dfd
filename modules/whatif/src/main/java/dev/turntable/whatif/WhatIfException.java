package dev.turntable.whatif;

/** There is no answer; the message says why, for people. */
public final class WhatIfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, with the exit code of the command. */
    public enum Kind {
        /** A candidate does not validate. */
        REFUSED(1),
        /** The question is wrong. */
        USAGE(2),
        /** The data folder holds no journal that can be read whole. */
        UNREADABLE(5),
        /** Nobody asked for anything in the span. */
        NOTHING(6),
        /** A model that only the record knows, or only the candidate. */
        ONE_SIDED(7),
        /** It was ended before there was any answer. */
        INTERRUPTED(130);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    WhatIfException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
