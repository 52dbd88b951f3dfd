package dev.turntable.bench;

import java.io.IOException;

/** What {@link LoadClient}, run as a process of its own, measured. */
record Load(double rate, double p50Millis, double p99Millis, long requests, long failures) {
    /**
     * @param requests at most; 0 for no limit
     * @param millis at most
     * @param request bytes of a request's body
     * @param answer bytes of the answer's body that the upstream is asked for
     */
    static Load run(int port, int connections, long requests, long millis, int request, int answer)
            throws IOException, InterruptedException {
        String[] said = Program.run(Workshop.ours(
                        LoadClient.class,
                        "" + port,
                        "" + connections,
                        "" + requests,
                        "" + millis,
                        "" + request,
                        "" + answer))
                .split(" ");
        return new Load(
                Double.parseDouble(said[0]),
                Double.parseDouble(said[1]) / 1e3,
                Double.parseDouble(said[2]) / 1e3,
                Long.parseLong(said[3]),
                Long.parseLong(said[4]));
    }
}
