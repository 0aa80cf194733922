"""Makes net.npz, x.npy and prints what the network says of it; run once, with NumPy 2."""

import numpy as np

rng = np.random.default_rng(7)
w1, b1 = rng.integers(-3, 4, (12, 5)).astype("f4"), rng.integers(-3, 4, 5).astype("f4")
w2, b2 = rng.integers(-3, 4, (5, 3)).astype("f8"), rng.integers(-3, 4, 3).astype("f8")
np.savez("net.npz", input=[3, 2, 2], W1=w1, b1=b1, W2=w2, b2=b2)
x = np.arange(12, dtype="f4").reshape(1, 3, 2, 2)
np.save("x.npy", x)
hidden = x.reshape(1, 12) @ w1 + b1
print("logits", np.maximum(hidden, 0) @ w2 + b2)
logits = (np.maximum(hidden, 0) @ w2 + b2)[0]
print("gradient of logit 0", (((hidden > 0) * w2[:, 0]) @ w1.T).astype(int).tolist())
