package dev.turntable.history;

import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import java.util.List;
import java.util.Map;

/**
 * Says in one plain sentence why a request waited, was refused or failed, and why a model is or is not loaded, with the events that
 * show it ({@code GET /api/why}). Safe from any thread.
 */
public final class Why {
    private final WhyRequest requests;
    private final WhyModel models;

    Why(HistoryQuery query, Swaps swaps) {
        this.requests = new WhyRequest(query, swaps);
        this.models = new WhyModel(query);
    }

    /** Reads {@code request} or {@code model}, exactly one. Throws {@link HistoryException}: 400, 404. */
    public Because ask(Map<String, List<String>> parameters) {
        List<String> request = given(parameters, "request");
        List<String> model = given(parameters, "model");
        if (request.size() + model.size() != 1
                || parameters.keySet().stream().anyMatch(name -> !name.equals("request") && !name.equals("model"))) {
            throw HistoryFilter.bad("ask for one request=r-… or one model=…");
        }
        return model.isEmpty() ? request(id(request.getFirst())) : model(new ModelId(model.getFirst()));
    }

    /** Why this request went as it did. Throws {@link HistoryException} 404 when it is not on record. */
    public Because request(RequestId request) {
        return requests.of(request);
    }

    /** Why this model is in the state it is in. Throws {@link HistoryException} 404 when nothing was ever heard of it. */
    public Because model(ModelId model) {
        return models.of(model);
    }

    private static List<String> given(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .filter(text -> !text.isBlank())
                .toList();
    }

    private static RequestId id(String text) {
        try {
            return RequestId.parse(text);
        } catch (IllegalArgumentException e) {
            throw HistoryFilter.bad("invalid request '" + text + "'");
        }
    }
}
