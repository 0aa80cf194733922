"""Read the store that ZarrReadersTest writes: python read_zarr.py DIR.

Run by that test where VITRAIL_ZARR_PYTHON names a Python that has zarr. Passed with zarr 3.1.6
(numcodecs 0.16.6, numpy 2.4.6) and zarr 2.18.7 (numcodecs 0.15.2).
"""

import sys
import warnings

import numpy as np
import zarr

warnings.simplefilter("error")  # a reader that finds something odd says so
store = zarr.open(sys.argv[1], mode="r")
assert store["name"][:].tolist() == ["a.png", "b\n\u00e9.png", "c.png"], store["name"][:]
assert store["label"][:].tolist() == ["star", "", "moon"]
heat = store["grad-cam/layer4"]
assert heat.shape == (3, 2, 2) and heat.dtype == np.float32, heat
assert np.array_equal(heat[:], np.array([[[0, 1], [2, 3]], [[np.nan] * 2] * 2, [[8, 9], [10, 11]]], np.float32), equal_nan=True)
assert store["items/1/grad-cam/layer4"][:].tolist() == [[4, 5, 6]]
assert store["score"][:].tolist() == [0.5, 1.5, 2.5] and store["score"].dtype == np.float64
assert store["target"][:].tolist() == [3, 4, -1] and store["target"].dtype == np.int64
assert store["empty"].shape == (3, 0)
assert store["half"][:].tolist() == [0.5, 1.0, 65504.0] and store["half"].dtype == np.float16
assert store.attrs["vitrail"]["about"] == {"model": "shapes.pt"}
assert store.attrs["vitrail"]["arrays"]["grad-cam/layer4"] == "grad-cam/layer4"
print(sorted(name for name, _ in store.members()) if hasattr(store, "members") else sorted(store))
