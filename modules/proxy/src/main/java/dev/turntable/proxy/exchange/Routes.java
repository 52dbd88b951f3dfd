package dev.turntable.proxy.exchange;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The table of every route of the server. */
public final class Routes {
    private final List<Route> all;

    private Routes(List<Route> all) {
        this.all = List.copyOf(all);
    }

    /** Those of models, which are asked for most, are looked at first. */
    public static Routes of(List<Route> models, List<Route> control) {
        return new Routes(Stream.concat(models.stream(), control.stream()).toList());
    }

    public List<Route> all() {
        return all;
    }

    /** The routes of a path as on the wire, whatever the method. */
    public Stream<Route> at(String rawPath) {
        return all.stream().filter(route -> route.path().matches(rawPath));
    }

    /** True when dots and doubled slashes of this path are not ours to clean. */
    public boolean verbatim(String rawPath) {
        return all.stream().anyMatch(route -> route.path().verbatim(rawPath));
    }

    /** The methods that would do, as an {@code Allow} header names them; empty for a path that nobody knows. */
    public String allowed(String rawPath) {
        Set<String> methods = new TreeSet<>();
        at(rawPath).forEach(route -> methods.addAll(route.methods()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
    }
}
