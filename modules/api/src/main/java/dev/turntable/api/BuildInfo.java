package dev.turntable.api;

/**
 * What this build is, as {@code GET /api/version} shows it.
 *
 * @param date RFC 3339, or {@code unknown}
 */
public record BuildInfo(String version, String commit, String date) {}
