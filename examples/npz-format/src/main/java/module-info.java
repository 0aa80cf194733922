/** Reads perceptrons that NumPy wrote. */
module org.example.npz {
    requires io.vitrail.api;

    provides io.vitrail.api.ModelFormat with
            org.example.npz.NpzFormat;
}
