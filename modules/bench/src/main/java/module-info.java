/**
 * The bench room: measures the built image and single rooms of it, and prints one table. It is no part of the image, and nothing knows it.
 *
 * <p>It may know every room it measures, through the doors others use. It never changes what it measures, and judges nothing: a figure
 * is printed beside its target, and a person decides.
 *
 * <p>Start reading at {@code dev.turntable.bench.Main}; {@code scripts/bench} runs it.
 */
module dev.turntable.bench {
    // the rooms under measurement
    requires dev.turntable.engine;
    requires dev.turntable.event;
    requires dev.turntable.fsm;
    requires dev.turntable.journal;
    requires dev.turntable.proxy;
    requires dev.turntable.upstream;

    // what is replayed, and by whom
    requires dev.turntable.whatif;
    requires java.net.http;

    // the bare relay
    requires io.helidon.http;
    requires io.helidon.webserver;
    requires com.fasterxml.jackson.databind;
    requires jmh.core;
}
