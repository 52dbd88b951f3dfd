package dev.turntable.proxy.naming;

import dev.turntable.config.Filters;
import dev.turntable.config.Value;
import dev.turntable.json.JsonEdit;
import java.util.Map;

/** Applies a model's filters to a JSON body, in the order of the contract (llama-swap §2.7). */
final class BodyFilter {
    /** A parameter that could not be removed or set: the request ends with 500 and this message. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message, null, false, false);
        }
    }

    private BodyFilter() {}

    /** {@code requested} is the name after profile and selector, before aliases. */
    static byte[] apply(byte[] json, Filters filters, String requested) throws Failed {
        byte[] body = json;
        for (String path : filters.stripParams()) {
            try {
                body = JsonEdit.delete(body, path);
            } catch (JsonEdit.NotPossible e) {
                throw new Failed("error stripping parameter " + path + " from request");
            }
        }
        body = set(body, filters.setParams());
        Map<String, Value> own = filters.setParamsById().get(requested);
        return own == null ? body : set(body, own);
    }

    private static byte[] set(byte[] json, Map<String, Value> values) throws Failed {
        byte[] body = json;
        for (Map.Entry<String, Value> entry : values.entrySet()) {
            try {
                body = JsonEdit.set(body, entry.getKey(), entry.getValue().toParameterJson());
            } catch (JsonEdit.NotPossible e) {
                throw new Failed("error setting parameter " + entry.getKey() + " in request");
            }
        }
        return body;
    }
}
