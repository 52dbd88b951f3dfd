/**
 * The demo upstream: a small OpenAI-shaped server to try the product with, and to test it against.
 *
 * <p>It runs as a process of its own and knows nothing of Turntable. Start at {@link dev.turntable.demo.DemoUpstream}.
 */
module dev.turntable.demo {
    requires com.fasterxml.jackson.core;

    exports dev.turntable.demo;
}
