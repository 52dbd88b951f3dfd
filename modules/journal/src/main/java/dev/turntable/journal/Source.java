package dev.turntable.journal;

/** What readers and followers need of a journal, be it open for writing or not. */
interface Source {
    /** Seq of the newest commit. */
    long head();

    /** A way forward from a commit. */
    Pass pass(long fromSeq);
}
