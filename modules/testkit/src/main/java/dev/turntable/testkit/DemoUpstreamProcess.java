package dev.turntable.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** The demo upstream on its own, without a server before it. */
public final class DemoUpstreamProcess implements AutoCloseable {
    private final Children children = new Children();
    private final Running running;
    private final Http http;

    private DemoUpstreamProcess(Path command, List<String> options) {
        var environment = new HashMap<String, String>();
        children.mark(environment);
        var words = new ArrayList<>(List.of(command.toString(), "demo-upstream", "--port", "0"));
        words.addAll(options);
        this.running = Running.start(Path.of("").toAbsolutePath(), environment, words);
        this.http = new Http(URI.create("http://" + running.address()));
    }

    public static DemoUpstreamProcess start(String... options) {
        return new DemoUpstreamProcess(Image.COMMAND, List.of(options));
    }

    public static DemoUpstreamProcess startFrom(Path command, String... options) {
        return new DemoUpstreamProcess(command, List.of(options));
    }

    public Http http() {
        return http;
    }

    public Running process() {
        return running;
    }

    public Children children() {
        return children;
    }

    @Override
    public void close() {
        http.close();
        running.kill();
        children.destroy();
    }
}
