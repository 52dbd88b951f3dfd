/** The config room. */
module dev.turntable.config {
}
