/** The target margin:A,B. */
module org.example.margin {
    requires io.vitrail.api;

    provides io.vitrail.api.TargetForm with
            org.example.margin.Margin;
}
