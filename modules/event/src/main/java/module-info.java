/**
 * The vocabulary of the house: every fact that can reach the Conductor, every decision the core can take, and the commit that binds
 * one fact to the decisions it caused.
 *
 * <p>This room does no I/O and knows no library and no wire format. It may be read by every other room; it reads none. Start at
 * {@link dev.turntable.event.Commit}, then {@link dev.turntable.event.Fact} and {@link dev.turntable.event.Decision}.
 */
module dev.turntable.event {
    exports dev.turntable.event;
}
