package dev.turntable.api;

import io.helidon.http.Method;

/**
 * One route of the control plane. The table of them is what the server, the OpenAPI document and the documentation are compared with.
 *
 * @param keyed an API key is wanted when keys are configured (column A of llama-swap §3.4)
 */
record Endpoint(Method method, PathPattern path, boolean keyed, Action action) {

    /** Answers a request; a thrown {@link ApiException} becomes an error body. */
    @FunctionalInterface
    interface Action {
        void answer(Call call) throws Exception;
    }

    /** {@code GET /running}. */
    String name() {
        return method.text() + " " + path.text();
    }
}
