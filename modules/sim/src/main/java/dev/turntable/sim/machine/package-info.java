/** A machine in virtual time, which the simulator and {@code whatif} share: what happens next, the clocks, chance, processes. */
package dev.turntable.sim.machine;
