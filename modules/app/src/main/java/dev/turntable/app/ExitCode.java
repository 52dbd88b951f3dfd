package dev.turntable.app;

/**
 * What the exit code of {@code turntable} tells a script; {@code turntable --help} prints this table. 0, 1 and 2 are llama-swap's (§1.2);
 * what it does not know has a number of its own.
 */
public enum ExitCode {
    OK(0, "done"),
    REFUSED(1, "a file cannot be read or is refused, or the listen address is none, in use or cannot be bound"),
    USAGE(2, "the command line is wrong"),
    DATA_DIR_IN_USE(4, "the data folder is in use by another server"),
    DATA_DIR(5, "the data folder cannot be used"),
    INTERNAL(70, "an error of our own");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }
}
