/** What is wrong with a configuration, with its place, and with nothing secret in it. */
package dev.turntable.config.loading.problems;
