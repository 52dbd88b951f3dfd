package dev.turntable.api;

import dev.turntable.history.HistoryException;
import dev.turntable.proxy.Routes;
import io.helidon.common.uri.UriPath;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The control plane's routes and their dispatcher. Unknown paths, wrong methods and missing keys are the front door's business, which is
 * told of these routes by {@link #asRoutes}.
 *
 * <p>Filled once while the control plane is put together, read-only afterwards. Paths are looked up by their first segment, so that a
 * request of the data plane costs one map access here.
 */
final class RouteTable {
    private static final System.Logger LOG = System.getLogger(RouteTable.class.getName());

    private final Map<String, List<Endpoint>> byFirstSegment = new HashMap<>();
    private final List<Endpoint> all = new ArrayList<>();

    /** A route that wants a key when keys are configured. */
    RouteTable keyed(Method method, String path, Endpoint.Action action) {
        return add(new Endpoint(method, new PathPattern(path), true, action));
    }

    /** A route that is open to everybody. */
    RouteTable open(Method method, String path, Endpoint.Action action) {
        return add(new Endpoint(method, new PathPattern(path), false, action));
    }

    private RouteTable add(Endpoint endpoint) {
        byFirstSegment
                .computeIfAbsent(firstSegment(endpoint.path().text()), s -> new ArrayList<>())
                .add(endpoint);
        all.add(endpoint);
        return this;
    }

    List<Endpoint> all() {
        return List.copyOf(all);
    }

    /** The same routes in the words of the front door. */
    List<Routes.Route> asRoutes() {
        return all.stream()
                .map(e -> e.keyed()
                        ? Routes.control(e.method().text(), e.path().text())
                        : Routes.open(e.method().text(), e.path().text()))
                .toList();
    }

    void register(HttpRouting.Builder routing) {
        routing.route(method -> true, new Ours(), this::dispatch);
    }

    private void dispatch(ServerRequest request, ServerResponse response) throws Exception {
        String rawPath = request.path().absolute().rawPath();
        String method = request.prologue().method().text();
        Optional<Endpoint> endpoint = find(method.equals("HEAD") ? "GET" : method, rawPath);
        if (endpoint.isEmpty()) {
            response.next();
            return;
        }
        Map<String, String> variables = endpoint.get().path().match(rawPath).orElseThrow();
        Call call = new Call(
                request, response, variables, Query.parse(request.query().rawValue()));
        try {
            endpoint.get().action().answer(call);
        } catch (ApiException refused) {
            refused.headers().forEach(response::header);
            Answers.error(call, refused.status(), refused.getMessage());
        } catch (HistoryException noAnswer) {
            Answers.noHistory(call, noAnswer);
        } catch (InterruptedException stopping) {
            throw new CloseConnectionException("the server stops", stopping);
        } catch (CloseConnectionException left) {
            throw left;
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, endpoint.get().name() + " failed", bug);
            if (response.isSent()) {
                throw new CloseConnectionException("failed after its answer began", bug);
            }
            Answers.error(call, Status.INTERNAL_SERVER_ERROR_500, "unspecific error: internal error");
        }
    }

    private Optional<Endpoint> find(String method, String rawPath) {
        return candidates(rawPath).stream()
                .filter(e -> e.method().text().equals(method))
                .filter(e -> e.path().match(rawPath).isPresent())
                .findFirst();
    }

    private List<Endpoint> candidates(String rawPath) {
        return PathPattern.decode(firstSegment(rawPath))
                .map(s -> byFirstSegment.getOrDefault(s, List.of()))
                .orElse(List.of());
    }

    private static String firstSegment(String path) {
        int end = path.indexOf('/', 1);
        return end < 0 ? path.substring(Math.min(1, path.length())) : path.substring(1, end);
    }

    /** Accepts the paths of the table as the client wrote them; Helidon's own patterns would match decoded slashes. */
    private final class Ours implements PathMatcher {
        private final PathMatcher any = PathMatchers.any();

        @Override
        public PathMatchers.MatchResult match(UriPath path) {
            String raw = path.rawPath();
            boolean known =
                    candidates(raw).stream().anyMatch(e -> e.path().match(raw).isPresent());
            return known ? any.match(path) : PathMatchers.MatchResult.notAccepted();
        }

        @Override
        public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
            return any.prefixMatch(path);
        }
    }
}
