/** The ui room. */
module dev.turntable.ui {
}
