package dev.turntable.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An upstream's health endpoint: answers with the given statuses in turn, the last one again and again, and remembers who asked. */
final class TinyServer implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final List<String> answers;

    /** Port 0 takes a free one. */
    TinyServer(int port, String... answers) throws IOException {
        this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        this.answers = List.of(answers);
        Thread.ofVirtual().start(this::accept);
    }

    String base() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            if (first == null) {
                return;
            }
            for (String line = first; !line.isEmpty(); line = in.readLine()) {
                if (!line.equals(first)) {
                    asked.addLast(line);
                } else {
                    asked.addLast("> " + line);
                }
            }
            long number = asked.stream().filter(l -> l.startsWith("> ")).count();
            String answer = answers.get((int) Math.min(number, answers.size()) - 1);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // the prober has gone
        }
    }

    /** The request lines so far. */
    List<String> requests() {
        return asked.stream()
                .filter(l -> l.startsWith("> "))
                .map(l -> l.substring(2))
                .toList();
    }

    static String status(int status) {
        return "HTTP/1.1 " + status + " Whatever\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nok";
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
