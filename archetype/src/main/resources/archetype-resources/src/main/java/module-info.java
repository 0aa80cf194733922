/** A method of attribution for Vitrail. */
module ${package} {
    requires io.vitrail.api;

    provides io.vitrail.api.AttributionMethod with
            ${package}.MyMethod;
}
