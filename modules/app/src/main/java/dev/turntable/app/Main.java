package dev.turntable.app;

import dev.turntable.app.cli.Commands;

/** Where the process begins: hands the words of the command line to the command table and ends with its exit code. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int code = Commands.standard(System.out, System.err, System.getenv()).run(args);
        // Not Runtime.halt: the shutdown hooks close what is open.
        System.exit(code);
    }
}
