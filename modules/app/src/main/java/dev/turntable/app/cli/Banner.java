package dev.turntable.app.cli;

import dev.turntable.app.Settings;
import dev.turntable.app.Settings.Listen;
import dev.turntable.config.Config;
import java.io.PrintStream;

/** The first lines a person sees: where it listens, where it keeps its data, and one line to try. */
final class Banner {
    private Banner() {}

    static void print(PrintStream out, Settings settings, Config config, Listen listening) {
        boolean tls = settings.tls().isPresent();
        String host = listening.host().isEmpty() ? "localhost" : listening.host();
        String url = (tls ? "https://" : "http://") + new Listen(host, listening.port());
        String curl = tls ? "curl -k " : "curl ";
        // Other programs wait for this line: the black-box tests, the training of the start-up cache. Whoever looks for
        // llama-swap's own first line, "listening on", finds it in the log and not here.
        out.println("turntable serves " + url);
        out.println(settings.dataDir()
                .map(folder -> "  data folder  " + folder.toAbsolutePath().normalize())
                .orElse("  data folder  none can be written: the record is kept in memory and ends with this server"));
        out.println("  try          " + curl + url + firstCall(config));
        out.flush();
    }

    private static String firstCall(Config config) {
        if (config.models().isEmpty()) {
            return "/v1/models";
        }
        return "/v1/chat/completions --json '{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'"
                .formatted(config.models().firstEntry().getKey());
    }
}
