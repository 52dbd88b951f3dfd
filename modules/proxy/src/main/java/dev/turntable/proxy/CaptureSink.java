package dev.turntable.proxy;

/** Takes the recorded exchange of a metered request; never blocks and may drop. */
@FunctionalInterface
public interface CaptureSink {
    void captured(Capture capture);
}
