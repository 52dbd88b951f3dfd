package dev.turntable.whatif.figures;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.whatif.traffic.Micros;
import java.io.IOException;
import java.util.Optional;

/**
 * What is counted, of everything, of one model or of one client.
 *
 * @param answered by the model, well or with an error of its own
 * @param givenUp the client left, or was cancelled, without an answer
 * @param refused by us: no place, no start, no time left
 * @param failed the model died in the middle of the answer
 * @param waits from arrival to a place at the model, or to the moment it was given up
 * @param firstByte from arrival to the first byte of the answer, where that is known
 * @param machine what models cost; empty for a client
 */
public record Figures(
        long answered,
        long givenUp,
        long refused,
        long failed,
        Quantiles waits,
        Optional<Quantiles> firstByte,
        Optional<Machine> machine) {

    /**
     * What was done with the machine.
     *
     * @param swaps begun, each for one model that is loaded
     * @param evictions models that were stopped for another
     * @param ttlUnloads models that were stopped because their time to live was over
     * @param loading microseconds from start orders to ready, failed starts included
     * @param loaded microseconds in memory, ready
     * @param idle microseconds of these in which nobody was served
     */
    public record Machine(long swaps, long evictions, long ttlUnloads, long loading, long loaded, long idle) {
        public double idleShare() {
            return loaded == 0 ? 0 : (double) idle / loaded;
        }
    }

    public long requests() {
        return answered + givenUp + refused + failed;
    }

    /** The fields, into the object that the generator stands in. */
    public void write(JsonGenerator out) throws IOException {
        out.writeNumberField("answered", answered);
        out.writeNumberField("given_up", givenUp);
        out.writeNumberField("refused", refused);
        out.writeNumberField("failed", failed);
        if (machine.isPresent()) {
            Machine m = machine.get();
            out.writeNumberField("swaps", m.swaps);
            out.writeNumberField("evictions", m.evictions);
            out.writeNumberField("ttl_unloads", m.ttlUnloads);
            out.writeNumberField("load_seconds", Micros.seconds(m.loading));
            out.writeNumberField("loaded_seconds", Micros.seconds(m.loaded));
            out.writeNumberField("idle_seconds", Micros.seconds(m.idle));
            out.writeNumberField("idle_share", Math.round(m.idleShare() * 10_000) / 10_000.0);
        }
        waits.write(out, "wait");
        if (firstByte.isPresent()) {
            firstByte.get().write(out, "first_byte");
        }
    }
}
