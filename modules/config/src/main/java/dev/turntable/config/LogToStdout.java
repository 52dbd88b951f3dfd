package dev.turntable.config;

/** Which logs go to standard output (llama-swap §7.1). */
public enum LogToStdout {
    PROXY,
    UPSTREAM,
    BOTH,
    NONE
}
