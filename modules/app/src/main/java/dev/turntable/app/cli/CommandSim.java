package dev.turntable.app.cli;

import dev.turntable.sim.Simulator;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code turntable sim}: plays simulated worlds on the real core, Conductor and journal; the simulator reads its own words. */
@Command(name = CommandSim.NAME, description = "play simulated hours of clients, processes and faults (sim --help)")
final class CommandSim {
    static final String NAME = "sim";

    static int run(PrintStream out, PrintStream err, String... words) {
        int code = Simulator.run(List.of(words).subList(1, words.length), out, err);
        out.flush();
        return code;
    }
}
