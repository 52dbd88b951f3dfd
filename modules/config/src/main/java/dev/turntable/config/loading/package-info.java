/** How a configuration is read: sources, merging, the order of the checks, the watch. */
package dev.turntable.config.loading;
