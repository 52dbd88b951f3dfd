/** A configuration and what was found in it, written for people and tools. */
package dev.turntable.config.printing;
