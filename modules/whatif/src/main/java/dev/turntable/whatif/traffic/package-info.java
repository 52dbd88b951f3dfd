/** What is read off the record of the traffic: who asked for what and when, what sets a request going, how long things take. */
package dev.turntable.whatif.traffic;
