/** What the reference takes from Go: texts, numbers, durations, addresses, order of names. */
package dev.turntable.config.compat;
