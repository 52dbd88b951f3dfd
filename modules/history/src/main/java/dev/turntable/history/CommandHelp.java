package dev.turntable.history;

/** The help page of each command that looks into a data folder. */
final class CommandHelp {
    private CommandHelp() {}

    static String of(String command) {
        return switch (command) {
            case "history" -> HISTORY;
            case "swaps" -> SWAPS;
            case "state" -> STATE;
            case "why" -> WHY;
            default -> JOURNAL;
        };
    }

    private static final String FOLDER = """

            The data folder is that of a running server or a copy of one; it is only read. -data-dir DIR names it, otherwise
            it is the one the server uses. -json prints one JSON value a line, as the HTTP interface answers.
            """;

    private static final String HISTORY = """
            turntable history [filters]      pages through everything that happened

              -type T       an event type like swap.started, or a prefix like swap.*; may be repeated
              -model M   -run M#N   -request r-N   -swap s-N   -actor A
              -from TIME   -to TIME            RFC 3339, both inclusive
              -after CURSOR   -before CURSOR   where a page before said it ended
              -order asc|desc   -limit 1..1000 (100)
            """ + FOLDER;

    private static final String SWAPS = """
            turntable swaps [-model M] [-before s-N] [-limit N]    lists swaps, the newest first
            turntable swaps s-N                                    the timeline of one
            """ + FOLDER;

    private static final String STATE = """
            turntable state [-at CURSOR|SEQ|TIME]    every model, lease and waiting request as it was then; now, if not said
            """ + FOLDER;

    private static final String WHY = """
            turntable why r-N      why a request waited, was refused, or failed
            turntable why MODEL    why a model is, or is not, loaded
            """ + FOLDER;

    private static final String JOURNAL = """
            turntable journal verify                 checks every checksum, the chain, that nothing is missing, and decides
                                                     everything again; exit code 1 when something is wrong
            turntable journal replay [-to CURSOR|SEQ|TIME]    folds the journal and prints the state hash
            turntable journal dump                   one line a commit, also of a damaged journal
            turntable journal export [FILE]          one line of JSON a commit
            turntable journal import FILE            builds a journal from such lines, in a data folder that has none
            """ + FOLDER;
}
