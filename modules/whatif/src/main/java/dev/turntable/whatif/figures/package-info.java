/** What is counted, of the record and of every play alike. */
package dev.turntable.whatif.figures;
