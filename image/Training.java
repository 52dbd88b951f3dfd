import java.nio.file.Path;

/** Makes the start-up caches. */
class Training {
    static void run(Path image, Path root, Path scratch) throws Exception {}
}
