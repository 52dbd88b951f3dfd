package dev.turntable.config;

import java.time.Duration;

/** The sampling of the machine (llama-swap §8.7). */
public record Performance(boolean disabled, Duration every) {}
