package dev.turntable.api.machine;

import java.time.Instant;

/** One GPU at one moment (llama-swap §8.7): degrees Celsius, percent, MiB, watts; 0 where the tool reports nothing. */
public record GpuSample(
        Instant timestamp,
        int id,
        String name,
        String uuid,
        double temperature,
        double memoryTemperature,
        double utilization,
        double memoryUtilization,
        double memoryUsed,
        double memoryTotal,
        double fanSpeed,
        double powerDraw) {}
