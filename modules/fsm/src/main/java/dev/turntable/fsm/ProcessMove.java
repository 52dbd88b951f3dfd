package dev.turntable.fsm;

/** What the core does about a signal: the cells of {@link ProcessTable}. */
enum ProcessMove {
    REFUSE("✗", "cannot be: refused, and the refusal is on the record (`transition.refused`); nothing else changes"),
    NOTE("·", "on the record; nothing follows"),
    SERVE(
            "serve",
            "→ ready; the swap is finished and everybody who joined it is admitted in the same commit; its time to live begins"),
    FAIL(
            "fail",
            "→ stopped; the swap failed and everybody who joined it gets the error; from the third failure in a row on a back-off; the queue is gone through"),
    TIME_OUT("time out", "deadline missed; stop ordered; the swap fails when it is gone"),
    CANCEL("cancel", "the swap is cancelled, its requests are refused; stop ordered"),
    CRASH("crash", "→ stopped; a swap that waited for others for its sake starts over; the queue is gone through"),
    GONE("gone", "→ stopped; swaps that waited for this go on; the queue is gone through"),
    EXPIRE("expire", "→ stopping because of its time to live"),
    YIELD("yield", "the queue is gone through: whoever waits for its place may have it"),
    STOP("stop", "→ stopping; its requests are not waited for"),
    DRAIN("drain", "→ stopping as soon as nobody is served any more, at once if nobody is"),
    HURRY("hurry", "it leaves already: stop ordered again if there is less time now than it was given"),
    KILL("kill", "deadline missed; kill ordered; again every 30 s until it is gone"),
    ADOPT("adopt", "→ ready without leases; its time to live begins; the queue is gone through"),
    REAP("reap", "kill ordered; → stopping if it was ready");

    private final String sign;
    private final String meaning;

    ProcessMove(String sign, String meaning) {
        this.sign = sign;
        this.meaning = meaning;
    }

    String sign() {
        return sign;
    }

    String meaning() {
        return meaning;
    }
}
