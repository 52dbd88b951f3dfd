package dev.turntable.api;

import io.helidon.http.Status;

/** Routes that say the same to everybody: health, the redirects into the web page, the version. */
final class Fixed {
    private final BuildInfo build;

    Fixed(BuildInfo build) {
        this.build = build;
    }

    void health(Call call) {
        Answers.ok(call);
    }

    void root(Call call) {
        Answers.redirect(call, Status.FOUND_302, "/ui");
    }

    /** {@code GET /upstream} alone leads to the page's list of models. */
    void upstream(Call call) {
        Answers.redirect(call, Status.FOUND_302, "/ui/models");
    }

    void version(Call call) {
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeStringField("build_date", build.date());
            out.writeStringField("commit", build.commit());
            out.writeStringField("version", build.version());
            out.writeEndObject();
        });
    }
}
