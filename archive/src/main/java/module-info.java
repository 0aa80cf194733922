/** Maps files and reads zip archives that nobody vouches for. */
@org.jspecify.annotations.NullMarked
module io.vitrail.archive {
    requires static org.jspecify;

    exports io.vitrail.archive;
}
