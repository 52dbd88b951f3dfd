package dev.turntable.config.loading.yaml;

/**
 * Where a value stands in the text that was parsed.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param endLine line of the character behind the value
 * @param endColumn its column
 */
public record Pos(Source source, int line, int column, int endLine, int endColumn) {}
