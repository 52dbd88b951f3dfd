package dev.turntable.whatif;

/** Somebody who waits for an answer: sees how far it is, and may have enough of it. Asked and told from several threads. */
public interface Watcher {
    /** Sees nothing, and waits. */
    Watcher PATIENT = new Watcher() {
        @Override
        public boolean hasEnough() {
            return false;
        }

        @Override
        public void progress(String what, double share) {}
    };

    /** The answer is no longer wanted whole: what there is becomes a partial one. */
    boolean hasEnough();

    /** {@code what} is done to that share. */
    void progress(String what, double share);
}
