/** Binds Vitrail in applications that use Guice. */
@org.jspecify.annotations.NullMarked
module io.vitrail.guice {
    requires transitive com.google.guice;
    requires transitive io.vitrail.runtime;
    requires jakarta.inject; // for Guice, which cannot say so itself
    requires static org.jspecify;

    exports io.vitrail.guice;

    // what provides is not public
    opens io.vitrail.guice to
            com.google.guice;
}
