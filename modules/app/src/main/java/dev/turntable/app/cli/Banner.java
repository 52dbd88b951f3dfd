package dev.turntable.app.cli;

import dev.turntable.app.Settings;
import dev.turntable.app.Settings.Listen;
import java.io.PrintStream;

/** The first lines a person sees: where it listens, where it keeps its data, and one line to try. */
final class Banner {
    private Banner() {}

    static void print(PrintStream out, Settings settings, Listen listening) {
        String host = listening.host().isEmpty() ? "localhost" : listening.host();
        String url = (settings.tls().isPresent() ? "https://" : "http://") + new Listen(host, listening.port());
        out.println("turntable listening on " + url);
        out.println("  data folder  " + settings.dataDir().toAbsolutePath().normalize());
        out.println("  try          curl " + (settings.tls().isPresent() ? "-k " : "") + url + "/v1/models");
    }
}
