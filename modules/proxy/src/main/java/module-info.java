/**
 * The proxy room: the data plane. It owns the front door every request passes, finds the model a request means, waits for a lease,
 * forwards, streams, and says how it ended.
 *
 * <p>It touches no process, knows neither the core nor the journal: {@link dev.turntable.proxy.admission.Admission} is its only door to
 * them. HTTP/1.1 towards models lives in {@code dev.turntable.upstream}, the bytes of JSON in {@code dev.turntable.json}.
 *
 * <p>Start reading at {@link dev.turntable.proxy.FrontDoor}, then {@link dev.turntable.proxy.DataPlane}; each package has one trade, which
 * the README names.
 */
module dev.turntable.proxy {
    requires transitive dev.turntable.config;
    requires transitive dev.turntable.event;
    requires transitive io.helidon.webserver;
    requires com.fasterxml.jackson.core;
    requires dev.turntable.json;
    requires transitive dev.turntable.upstream;
    requires io.helidon.common.buffers;
    requires io.helidon.common.concurrency.limits;
    requires io.helidon.common.socket;
    requires io.helidon.common.task;
    requires io.helidon.common.tls;
    requires io.helidon.common.uri;
    requires io.helidon.http;
    requires io.helidon.http.encoding;

    exports dev.turntable.proxy;
    exports dev.turntable.proxy.activity;
    exports dev.turntable.proxy.admission;
    exports dev.turntable.proxy.exchange;
}
