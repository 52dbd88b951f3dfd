import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long a streamed event is on its way: the upstream writes its clock into each event, and on one machine all processes read the
 * same monotonic clock.
 */
final class Streams {

    record Result(double p50Micros, double p99Micros, int events) {}

    private static final String CLOCK = "\"sent_ns\":";

    private Streams() {}

    static Result run(InetSocketAddress target, byte[] request, int streams) throws Exception {
        var all = new ArrayList<Long>();
        try (var pool = Executors.newFixedThreadPool(streams)) {
            var running = new ArrayList<Future<List<Long>>>();
            for (int i = 0; i < streams; i++) {
                running.add(pool.submit(() -> one(target, request)));
            }
            for (Future<List<Long>> one : running) {
                all.addAll(one.get());
            }
        }
        long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IOException("no event carried the upstream's clock");
        }
        return new Result(sorted[sorted.length / 2] / 1e3, sorted[(int) (sorted.length * 0.99)] / 1e3, sorted.length);
    }

    private static List<Long> one(InetSocketAddress target, byte[] request) throws IOException {
        var times = new ArrayList<Long>();
        try (var socket = new Socket(target.getAddress(), target.getPort())) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null && !line.contains("[DONE]"); line = in.readLine()) {
                long now = System.nanoTime();
                int at = line.indexOf(CLOCK);
                if (at >= 0) {
                    int from = at + CLOCK.length();
                    times.add(now - Long.parseLong(line, from, end(line, from), 10));
                }
            }
        }
        // The first events of a stream find cold caches everywhere; they count in the time to the first token, not here.
        return times.size() > 10 ? times.subList(5, times.size()) : times;
    }

    private static int end(String line, int from) {
        int end = from;
        while (end < line.length() && (Character.isDigit(line.charAt(end)) || line.charAt(end) == '-')) {
            end++;
        }
        return end;
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
