/** Decoders: one class for each section of the language. */
package dev.turntable.config.loading.keys;
