"""Write the arrays of this folder. Run by hand with NumPy 2.4.6; the tests only read its results."""
import numpy as np

grid = np.arange(24).reshape(2, 3, 4)
types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
arrays = {f"{order}{t}": (grid - (8 if t[0] != "u" else 0)).astype(order + t) for t in types for order in "<>"}
arrays["bool"] = grid % 3 == 0
np.savez("types.npz", **arrays)
np.savez_compressed("packed.npz", **{"grad-cam/layer4@class:1": grid.astype("f4"), "scalar": np.int64(7)})
np.save("fortran.npy", np.asfortranarray(grid.astype("f4")))
np.save("objects.npy", np.array([{}, None], dtype=object), allow_pickle=True)
np.save("text.npy", np.array(["a", "bc"]))
np.save("record.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
np.save("complex.npy", np.zeros(2, dtype="c8"))
np.save("halves.npy", np.array([0, -0.0, 1, -2.5, 65504, 6e-8, 6.1e-5, np.inf, -np.inf, np.nan, 0.1, 1 / 3], "f2"))
