/**
 * The control plane: what an operator, a web page or a monitor asks of the server, and what it tells them.
 *
 * <p>It lists models and processes, takes the operator's wishes (load, unload, hold, profile, reload) as facts, streams logs, events and
 * history, and counts metrics by following the journal. It holds no state that matters: everything it shows is read from the core's
 * snapshot, the configuration or the journal, and everything it wants done is a fact on the record. It never touches a process and never
 * forwards a request.
 *
 * <p>Start reading at {@link dev.turntable.api.ControlPlane}, which names every route; each route's class is named after what it answers.
 */
module dev.turntable.api {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.config;
    requires transitive dev.turntable.engine;
    requires transitive dev.turntable.history;
    requires transitive dev.turntable.logs;
    requires transitive dev.turntable.proxy;
    requires transitive dev.turntable.journal;
    requires dev.turntable.json;
    requires dev.turntable.ui;
    requires dev.turntable.whatif;
    requires com.fasterxml.jackson.core;
    requires io.helidon.common.uri;
    requires io.helidon.http;
    requires io.helidon.metrics.api;
    requires io.helidon.service.registry;
    requires transitive io.helidon.webserver;

    exports dev.turntable.api;
}
