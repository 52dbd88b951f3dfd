/** What a configuration is: the records other rooms read. */
package dev.turntable.config;
