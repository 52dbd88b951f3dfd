/** The event room. */
module dev.turntable.event {
}
