/** References: environment variables, macros, ports, and what is left over. */
package dev.turntable.config.loading.macros;
