package dev.turntable.api;

import dev.turntable.history.HistoryException;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.proxy.exchange.RoutePath;
import io.helidon.http.Method;
import java.util.Set;

/** Makes a line of the table of routes of something that answers a {@link Call}, and an answer of what it throws. */
final class Endpoint {
    private Endpoint() {}

    /** Answers a request; a thrown {@link ApiException} becomes an error body. */
    @FunctionalInterface
    interface Action {
        void answer(Call call) throws Exception;
    }

    /** A route that wants a key when keys are configured. */
    static Route keyed(Method method, String path, Action action) {
        return route(method, path, true, Route.Plane.CONTROL, action);
    }

    /** A route that is open to everybody. */
    static Route open(Method method, String path, Action action) {
        return route(method, path, false, Route.Plane.CONTROL, action);
    }

    /** A route that models' clients use, web pages among them; it wants a key. */
    static Route shared(Method method, String path, Action action) {
        return route(method, path, true, Route.Plane.DATA, action);
    }

    private static Route route(Method method, String path, boolean keyed, Route.Plane plane, Action action) {
        RoutePath pattern = new RoutePath(path);
        return new Route(
                Set.of(method.text()), pattern, keyed, plane, exchange -> answer(action, call(exchange, pattern)));
    }

    private static Call call(Exchange exchange, RoutePath path) {
        return new Call(exchange, path.variables(exchange.rawPath()), Query.parse(exchange.rawQuery()));
    }

    private static void answer(Action action, Call call) throws Exception {
        try {
            action.answer(call);
        } catch (ApiException refused) {
            refused.headers().forEach(call.exchange()::header);
            Answers.error(call, refused.status(), refused.getMessage());
        } catch (HistoryException noAnswer) {
            Answers.noHistory(call, noAnswer);
        }
    }
}
