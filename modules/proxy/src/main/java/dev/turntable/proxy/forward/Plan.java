package dev.turntable.proxy.forward;

import dev.turntable.config.Config;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.RequestHead;
import dev.turntable.proxy.exchange.RoutePath;
import dev.turntable.proxy.naming.Names;
import java.util.Optional;
import java.util.Set;

/**
 * What will be done with a request, once its model is known.
 *
 * @param config read once, so that a reload in between changes nothing
 * @param body the body that was read, or none when it is only passed on
 */
public record Plan(
        Config config, Names.Meaning meaning, Asked asked, Address to, Optional<RequestBody> body, Set<Trait> traits) {
    public Plan {
        traits = Set.copyOf(traits);
    }

    /** What makes a request more than one that is passed on. */
    public enum Trait {
        /** The client wants a stream. */
        STREAMING,
        /** It stands in the in-flight list. */
        TRACKED,
        /** It leaves an activity row, and a capture. */
        METERED,
        /** A stream of ours may tell the client that its model loads. */
        TOLD_OF_LOADING
    }

    /**
     * How the client asked for the model.
     *
     * @param name the name it wrote
     * @param selector id of the selector that chose
     * @param release gives the selector's reservation back
     */
    public record Asked(String name, Optional<String> selector, Runnable release) {
        public static Asked plainly(String name) {
            return new Asked(name, Optional.empty(), () -> {});
        }
    }

    /**
     * Where it goes at its upstream.
     *
     * @param path escapes as written
     * @param query empty without a question mark
     */
    public record Address(String path, Optional<String> query) {
        /** This path, with the query of the request. */
        public static Address of(String path, RequestHead head) {
            return of(path, head, head.rawQuery());
        }

        /** The same with another query, where there was one. */
        public static Address of(String path, RequestHead head, String query) {
            return new Address(path, head.hasQuery() ? Optional.of(query) : Optional.empty());
        }

        /** The path decoded: how lists and rows show it. */
        public String shown() {
            return RoutePath.decode(path);
        }
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }
}
