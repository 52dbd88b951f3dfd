package dev.turntable.app;

/** Why a command ends before its work is done: one line for the person, one exit code for the script. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;

    public StartException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public StartException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
