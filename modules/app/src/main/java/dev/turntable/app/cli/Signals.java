package dev.turntable.app.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the operating system's signals mean (llama-swap §1.3): the first SIGINT or SIGTERM stops the server, SIGHUP reloads.
 *
 * <p>Without handlers of our own the JVM would take SIGHUP for a stop, and an orderly stop would end with code 143 and not 0. The
 * JDK's only door to signals is {@code sun.misc.Signal}, whose mere mention is a warning that cannot be suppressed; hence by name.
 */
final class Signals {
    private Signals() {}

    static void onStop(Runnable action) {
        var first = new AtomicBoolean(true);
        Runnable once = () -> {
            if (first.getAndSet(false)) {
                action.run();
            }
        };
        handle("INT", once);
        handle("TERM", once);
    }

    static void onReload(Runnable action) {
        handle("HUP", action);
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
