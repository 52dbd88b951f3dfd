package dev.turntable.app.cli;

import dev.turntable.app.ExitCode;
import dev.turntable.app.Turntable;
import dev.turntable.process.IgnoredSignals;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the operating system's signals mean (llama-swap §1.3): SIGINT or SIGTERM stops the server, a second one by force, SIGHUP reloads.
 * Those that come while it starts are kept until it runs.
 *
 * <p>Without handlers of our own the JVM would take SIGHUP for a stop, and an orderly stop would end with code 143 and not 0. The
 * JDK's only door to signals is {@code sun.misc.Signal}, whose mere mention is a warning that cannot be suppressed; hence by name.
 */
final class Signals {
    private final List<Heard> early = new ArrayList<>();
    private Optional<Turntable> server = Optional.empty();

    private Signals() {}

    /** The signals we hear, by their number on Linux. */
    private enum Heard {
        HUP(1),
        INT(2),
        TERM(15);

        private final int number;

        Heard(int number) {
            this.number = number;
        }
    }

    /** Hears them from now on. */
    static Signals heard() {
        var signals = new Signals();
        for (Heard signal : Heard.values()) {
            IgnoredSignals.hear(signal.number);
            handle(signal.name(), () -> signals.on(signal));
        }
        return signals;
    }

    /** For a command that serves nobody: whoever tells it to stop means the same each time. */
    static void onStop(Runnable action) {
        handle(Heard.INT.name(), action);
        handle(Heard.TERM.name(), action);
    }

    /** It runs, and is told of those that have come already. */
    synchronized void tell(Turntable running) {
        server = Optional.of(running);
        early.forEach(this::on);
    }

    private synchronized void on(Heard signal) {
        if (server.isEmpty()) {
            if (signal != Heard.HUP && early.stream().anyMatch(s -> s != Heard.HUP)) {
                Runtime.getRuntime().halt(ExitCode.REFUSED.number()); // a start that takes too long for somebody
            }
            early.add(signal);
        } else if (signal == Heard.HUP) {
            server.get().reload();
        } else {
            server.get().signalled("SIG" + signal.name());
        }
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == args[0];
                            default -> "signal handler for " + name;
                        };
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK does not let us handle SIG" + name, e);
        }
    }
}
