package dev.turntable.proxy.exchange;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One line of the table of routes: routing, keys, 405 with {@code Allow}, CORS, the documents' tests and the OpenAPI document follow it.
 *
 * @param methods which it answers; empty is any, GET includes HEAD
 * @param keyed an API key is wanted when keys are configured (column A of llama-swap §3.4)
 */
public record Route(Set<String> methods, RoutePath path, boolean keyed, Plane plane, Action action) {
    /** Whose it is, and so which web pages may read its answers. */
    public enum Plane {
        /** The models': pages of every origin. */
        DATA,
        /** The operator's: only pages that {@code turntable.cors} names. */
        CONTROL
    }

    /** Answers a request. */
    @FunctionalInterface
    public interface Action {
        void serve(Exchange exchange) throws Exception;
    }

    public Route {
        methods = Collections.unmodifiableSet(new LinkedHashSet<>(methods));
    }

    public Route(String method, String path, boolean keyed, Plane plane, Action action) {
        this(method.isEmpty() ? Set.of() : Set.of(method), new RoutePath(path), keyed, plane, action);
    }

    public boolean allows(String method) {
        return methods.isEmpty() || methods.contains(method) || method.equals("HEAD") && methods.contains("GET");
    }

    /** Its method, where it has one. */
    public String method() {
        return String.join(",", methods);
    }

    /** {@code GET /running}. */
    public String name() {
        return (methods.isEmpty() ? "ANY" : String.join(",", methods)) + " " + path.text();
    }
}
