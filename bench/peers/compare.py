"""Vitrail beside Captum and pytorch-grad-cam: the same networks, arrays, batches and threads, processes by turns, one table.

    python bench/peers/compare.py --vitrail DIST/bin/vitrail --models MODELS --out docs/performance.md [--quick]

MODELS holds torchscript/ and keras/ with the files that networks.py names. The table is written between the two marks in the page;
--raw keeps every figure. A ratio is one of throughput: the peer's milliseconds by ours, of processes that ran one after the other;
the table has the median over the alternations: beside the form of the peer that is best in each alternation, beside the best of the eager
network's (channels first or last in memory), and beside it as it is.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import networks

HERE = pathlib.Path(__file__).resolve().parent
SIZES = {"ResNet-50": 224, "MobileNetV2": 224, "EfficientNet-Lite0": 224, "VGG19": 224, "YOLOv3-quarter": 416}
SINGLE = {"pre-activation"}  # needs layers of its own, so a call of its own
MARKS = ("<!-- measured by bench/peers/compare.py -->", "<!-- end -->")


def environment(threads):
    return dict(os.environ, OMP_NUM_THREADS=str(threads), OPT_OUT_TRACKING="true")


def called(command, threads):
    done = subprocess.run(command, capture_output=True, text=True, env=environment(threads))
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def ours(a, how, inputs, batch, threads):
    last = how["file"].endswith(".h5")
    common = [a.vitrail, "bench", f"{a.models}/{how['file']}", str(inputs["nhwc" if last else "nchw"]), "--json",
              "--batch", str(batch), "--threads", str(threads), "--repeats", str(a.repeats)]
    target = ["-t", how["target"]] if "target" in how else []
    rows = called(common + target + ["-m", "gradient", "-m", "guided-backprop"], threads)
    rows += called(common + target + ["-m", "grad-cam", "-l", how["cam"][0]], threads)
    rows += called(common + ["-m", "pre-activation"] + [word for layer in how["pre"][0] for word in ("-l", layer)], threads)
    found = {row["method"]: row for row in rows}
    found["forward"] = dict(cpu_ms=statistics.mean(row["forward_cpu_ms"] for row in rows), median_ms=statistics.median(row["forward_ms"] for row in rows), form=rows[0]["forward_by"])
    return found


def theirs(a, name, inputs, threads):
    rows = called([sys.executable, str(HERE / "peers.py"), name, str(inputs["nchw"]), "--models", a.models, "--threads", str(threads),
                   "--repeats", str(a.repeats), "--forms", a.forms], threads)
    found = {}
    for row in rows:
        if "error" not in row:
            found.setdefault(row["method"], []).append(row)
    return found


def arrays(folder, name, batch):
    """Noise in the range of normalised pictures; nothing here depends on what it shows."""
    size = SIZES[name]
    x = np.random.default_rng(0).standard_normal((batch, 3, size, size), dtype=np.float32)
    paths = dict(nchw=folder / f"{name}-{batch}.npy", nhwc=folder / f"{name}-{batch}-last.npy")
    np.save(paths["nchw"], x)
    np.save(paths["nhwc"], np.ascontiguousarray(x.transpose(0, 2, 3, 1)))
    return paths


PAIRS = (("gradient", "gradient", "Captum Saliency"), ("gradient", "autograd", "libtorch autograd"),
         ("guided-backprop", "guided-backprop", "Captum GuidedBackprop"), ("grad-cam", "grad-cam", "Captum LayerGradCam"),
         ("grad-cam", "grad-cam (pytorch-grad-cam)", "pytorch-grad-cam"), ("pre-activation", "pre-activation", "Captum LayerActivation"))


def compared(a, networks):
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for threads in a.threads:
            for batch in a.batches:
                for name in a.networks:
                    inputs = arrays(pathlib.Path(folder), name, batch)
                    turns = []
                    for turn in range(a.alternations):
                        print(f"{name}, batch {batch}, {threads} threads, turn {turn + 1}", file=sys.stderr)
                        turns.append((ours(a, networks[name], inputs, batch, threads), theirs(a, name, inputs, threads)))
                    found.append(dict(network=name, batch=batch, threads=threads, turns=turns))
                    if a.raw:
                        pathlib.Path(a.raw).write_text(json.dumps(found))
    return found


def cell(rows):
    return (f"{statistics.median(row['median_ms'] for row in rows):.0f}"
            f" ({min(row['min_ms'] for row in rows):.0f} .. {max(row['max_ms'] for row in rows):.0f})")


def ratio(mine, peer, key="median_ms"):
    return statistics.median(there[key] / here[key] for here, there in zip(mine, peer))


def table(found):
    lines = ["| network | batch | threads | work | Vitrail, ms | form | peer | its best form | ms | x best | x best, CPU | x best eager | x eager | peak MiB, ours / peer |",
             "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"]
    for one in found:
        for work, theirs_, label in PAIRS:
            turns = [(o[work], t[theirs_]) for o, t in one["turns"] if work in o and theirs_ in t]
            if turns:
                mine, peer = [o for o, _ in turns], [min(rows, key=lambda row: row["median_ms"]) for _, rows in turns]
                eager = [row for _, rows in turns for row in rows if row["form"] == "eager"]
                best_eager = [min((row for row in rows if row["form"].startswith("eager")), key=lambda row: row["median_ms"]) for _, rows in turns]
                lines.append(f"| {one['network']} | {one['batch']} | {one['threads']} | {work} | {cell(mine)} | {mine[0]['form']} | {label}"
                             f" | {statistics.mode(row['form'] for row in peer)} | {cell(peer)} | **{ratio(mine, peer):.2f}** | {ratio(mine, peer, 'cpu_ms'):.2f}"
                             f" | {ratio(mine, best_eager):.2f}"
                             f" | {f'{ratio(mine, eager):.2f}' if len(eager) == len(mine) else '-'}"
                             f" | {max(o['peak_rss_mib'] for o in mine):.0f} / {max(row['peak_rss_mib'] for row in peer):.0f} |")
    return "\n".join(lines)


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vitrail", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--out")
    parser.add_argument("--raw")
    parser.add_argument("--networks", type=lambda text: text.split(","), default=list(SIZES))
    parser.add_argument("--batches", type=lambda text: [int(each) for each in text.split(",")], default=[1, 8, 32])
    parser.add_argument("--threads", type=lambda text: [int(each) for each in text.split(",")], default=[1, 2])
    parser.add_argument("--alternations", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--forms", default="|".join(networks.FORMS))
    parser.add_argument("--quick", action="store_true", help="ResNet-50 and MobileNetV2, batch 1, three turns")
    a = parser.parse_args()
    if a.quick:
        a.networks, a.batches, a.threads, a.alternations, a.repeats = a.networks[:2], [1], a.threads[:1], 3, 3
    found = compared(a, networks.NETWORKS)
    load = os.getloadavg()
    text = (f"{time.strftime('%Y-%m-%d')}, {processor()}, {os.cpu_count()} cores, load at the end {load[0]:.1f}; {a.alternations} alternations"
            f" of {a.repeats} runs each.\n\n{table(found)}\n")
    if not a.out:
        print(text)
        return
    page = pathlib.Path(a.out)
    before, rest = page.read_text().split(MARKS[0])
    page.write_text(f"{before}{MARKS[0]}\n{text}{MARKS[1]}{rest.split(MARKS[1])[1]}")


if __name__ == "__main__":
    main()
