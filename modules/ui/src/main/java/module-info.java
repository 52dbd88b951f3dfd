/**
 * The web page as static files: HTML, one style sheet and plain ES modules, without a build step and without any address but our own.
 *
 * <p>It knows no other room and no HTTP; {@code api} serves what it hands out. Start at {@link dev.turntable.ui.Page}, then
 * {@code web/index.html} and {@code web/app.js}.
 */
module dev.turntable.ui {
    exports dev.turntable.ui;
}
