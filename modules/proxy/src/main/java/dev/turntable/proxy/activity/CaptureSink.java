package dev.turntable.proxy.activity;

/** Takes the recorded exchange of a metered request; never blocks and may drop. */
@FunctionalInterface
public interface CaptureSink {
    void captured(Capture capture);
}
