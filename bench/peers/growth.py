"""Draw how time and memory grow with batch, input size, layers and targets of one pass: Vitrail, and Captum where it can do it.

    python bench/peers/growth.py --vitrail DIST/bin/vitrail --models MODELS --out docs [--threads 1] [--quick]

MobileNetV2, Grad-CAM; batch and size also for guided backpropagation. Writes OUT/growth-batch.png and so on.
"""
import argparse
import json
import os
import subprocess
import sys

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt

FILE = "torchscript/mobilenet_v2_scripted.pt"
BLOCKS = range(2, 18)


def call(command, threads):
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, OMP_NUM_THREADS=str(threads)))
    if done.returncode:
        print(done.stderr[-400:], file=sys.stderr)
        return None
    return json.loads(done.stdout)[0]


def ours(a, method, batch, size, layers=(), targets=()):
    words = [word for layer in layers for word in ("-l", layer)] + [word for target in targets for word in ("-t", target)]
    return call([a.vitrail, "bench", f"{a.models}/{FILE}", "--json", "-m", method, "--shape", f"{batch}x3x{size}x{size}",
                 "--repeats", str(a.repeats), "--threads", str(a.threads)] + words, a.threads)


def theirs(a, method, batch, size, layers=(), targets=()):
    return call([sys.executable, __file__, "captum", f"{a.models}/{FILE}", method, str(batch), str(size), str(a.repeats), str(a.threads),
                 ",".join(layers), ",".join(targets)], a.threads)


def captum(file, method, batch, size, repeats, threads, layers, targets):
    """One call of Captum, its own process; a call for each layer or target where it knows no other way."""
    import statistics
    import time
    import torch
    import torchvision
    from captum.attr import GuidedBackprop, LayerGradCam
    import peers
    torch.set_num_threads(int(threads))
    network = torchvision.models.mobilenet_v2(weights=None)
    network.load_state_dict(torch.jit.load(file).state_dict())
    network.eval()
    for module in network.modules():
        if getattr(module, "inplace", False):
            module.inplace = False
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    x = torch.randn(int(batch), 3, int(size), int(size))
    wanted = [int(each.split(":")[1]) for each in targets.split(",") if each]
    layers = [each for each in layers.split(",") if each] or ["features.18"]

    def run():
        with torch.no_grad():
            chosen = wanted or [network(x).argmax(1)]
        for target in chosen:
            if method == "grad-cam":
                for layer in layers:
                    LayerGradCam(network, network.get_submodule(layer)).attribute(x, target=target)
            else:
                GuidedBackprop(network).attribute(x, target=target)

    peers.forget_peak()
    run()
    run()
    peak, times = peers.resident("VmHWM"), []
    for _ in range(int(repeats)):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    print(json.dumps([dict(median_ms=statistics.median(times), peak_rss_mib=peak)]))


def draw(a, name, label, methods, values, arguments):
    figure, (time_axes, memory_axes) = plt.subplots(1, 2, figsize=(9, 3.2))
    for method, colour in methods:
        for who, measure, line in (("Vitrail", ours, "-o"), ("Captum", theirs, "--s")):
            points = [(value, measure(a, method, **arguments(value))) for value in values]
            points = [(value, row) for value, row in points if row]
            print(name, method, who, [(value, round(row["median_ms"], 1), round(row["peak_rss_mib"])) for value, row in points], flush=True)
            for axes, key in ((time_axes, "median_ms"), (memory_axes, "peak_rss_mib")):
                axes.plot([value for value, _ in points], [row[key] for _, row in points], line, color=colour, ms=3, label=f"{who}, {method}")
    for axes, what in ((time_axes, "milliseconds"), (memory_axes, "peak memory, MiB")):
        axes.set_xlabel(label)
        axes.set_ylabel(what)
        axes.set_ylim(bottom=0)
    time_axes.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(f"{a.out}/growth-{name}.png", dpi=80, metadata={"Software": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vitrail", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="three points a line")
    a = parser.parse_args()

    def some(values):
        values = list(values)
        return values[:: max(1, len(values) // 2)] if a.quick else values

    both, cam = (("grad-cam", "C0"), ("guided-backprop", "C1")), (("grad-cam", "C0"),)
    draw(a, "batch", "batch", both, some([1, 2, 4, 8, 16, 32, 64]), lambda n: dict(batch=n, size=224))
    draw(a, "size", "rows and columns", both, some([224, 384, 512, 768, 1024]), lambda n: dict(batch=1, size=n))
    draw(a, "layers", "layers in one pass", cam, some([1, 2, 4, 8, 16]),
         lambda n: dict(batch=1, size=224, layers=[f"features.{block}" for block in reversed(BLOCKS)][:n]))
    draw(a, "targets", "targets in one pass", cam, some([1, 2, 5, 10, 20, 50]),
         lambda n: dict(batch=1, size=224, targets=[f"class:{k}" for k in range(n)]))


if __name__ == "__main__":
    captum(*sys.argv[2:]) if sys.argv[1] == "captum" else main()
