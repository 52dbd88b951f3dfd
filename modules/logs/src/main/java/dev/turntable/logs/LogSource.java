package dev.turntable.logs;

import dev.turntable.event.ModelId;

/** One of the streams a person can read: everything, the proxy's lines, all upstream output, or one model's. */
public sealed interface LogSource {
    /** What standard output gets too; see {@link StdoutMode}. */
    record Mux() implements LogSource {}

    /** The proxy's own lines. */
    record Proxy() implements LogSource {}

    /** The output of every upstream process. */
    record Upstream() implements LogSource {}

    /** The output of one model's processes, one run after the other. */
    record OfModel(ModelId model) implements LogSource {}
}
