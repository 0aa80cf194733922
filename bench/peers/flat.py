"""Show that a folder of any size takes the same time and memory an item: 'vitrail explain' on the demo's network.

    python bench/peers/flat.py --vitrail DIST/bin/vitrail [--counts 100,1000,10000] [--batch 8] [--java -Xmx1g] [--plot docs/flat.png]

For each count it makes as many PNG pictures, all different, and watches the process from outside: when each item is entered in the
journal, and what is resident then. Prints a table: milliseconds an item in the second and the last tenth and their ratio, and by how
much resident memory grows an item over the last 80 % (least squares). Needs nothing but Python; matplotlib for --plot.
"""
import argparse
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

POLL_SECONDS = 0.01


def picture(seed, side=128):
    """A rectangle on a plain ground, with noise."""
    draw = random.Random(seed)
    ground, front = bytes(draw.randrange(256) for _ in range(3)), bytes(draw.randrange(256) for _ in range(3))
    left, top = draw.randrange(side // 2), draw.randrange(side // 2)
    right, bottom = left + side // 4 + draw.randrange(side // 4), top + side // 4 + draw.randrange(side // 4)
    noise = draw.randbytes(side * 3)
    rows = bytearray()
    for y in range(side):
        row = bytearray(ground * left + (front if top <= y < bottom else ground) * (right - left) + ground * (side - right))
        for x in range(0, len(row), 7):
            row[x] ^= noise[(x + 31 * y) % len(noise)] & 63
        rows += b"\0" + row

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(rows), 1)) + chunk(b"IEND", b""))


def resident(process):
    try:
        with open(f"/proc/{process.pid}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmRSS:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def watch(process, journal):
    """Return (seconds, items done, KiB resident) for each moment at which something was done."""
    seen, done, at, start = [], 0, 0, time.monotonic()
    while process.poll() is None:
        try:
            with open(journal, "rb") as lines:
                lines.seek(at)
                new = lines.read()
        except FileNotFoundError:
            new = b""
        at += len(new)
        if b"\n" in new:
            done += new.count(b"\n")
            kib = resident(process)
            if kib:
                seen.append((time.monotonic() - start, done, kib))
        time.sleep(POLL_SECONDS)
    return seen


def moment(seen, count):
    """Return when so many were done, between two moments in proportion."""
    before = (0.0, 0)
    for seconds, done, _ in seen:
        if done >= count:
            share = (count - before[1]) / (done - before[1]) if before[1] else 1
            return before[0] + share * (seconds - before[0]) if before[1] else seconds
        before = (seconds, done)
    return before[0]


def slope(points):
    n = len(points)
    mx, my = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mx) ** 2 for x, _ in points)
    return sum((x - mx) * (y - my) for x, y in points) / spread if spread else float("nan")


def run(a, model, pictures, count, folder):
    names = folder / "names.txt"
    names.write_text("".join(f"{pictures}/{i}.png\n" for i in range(count)))
    out = folder / "out"
    command = [a.vitrail, "explain", model, str(names), "-o", str(out), "--batch", str(a.batch), "--quiet"] + a.more
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ, VITRAIL_JAVA_OPTS=a.java))
    seen = watch(process, out / ".vitrail.journal")
    if process.returncode:
        sys.exit(f"vitrail explain ended with {process.returncode}")
    shutil.rmtree(out)
    return seen


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--vitrail", required=True)
    parse.add_argument("--counts", default="100,1000,10000")
    parse.add_argument("--batch", type=int, default=8)
    parse.add_argument("--java", default="-Xmx1g")
    parse.add_argument("--plot")
    parse.add_argument("more", nargs="*", help="behind --: more words for vitrail explain")
    a = parse.parse_args()
    counts = [int(count) for count in a.counts.split(",")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run([a.vitrail, "demo", "-o", str(folder)], check=True, capture_output=True)
        pictures = folder / "pictures"
        pictures.mkdir()
        for i in range(max(counts)):
            (pictures / f"{i}.png").write_bytes(picture(i))
        print("| items | ms an item: second tenth | last tenth | last / second | MiB resident: at 20 % | at the end | KiB an item over the last 80 % |\n"
              "|---|---|---|---|---|---|---|", flush=True)
        runs = {}
        for count in counts:
            seen = runs[count] = run(a, str(folder / "shapes.pt"), pictures, count, folder)
            tenth = count / 10
            second = (moment(seen, 2 * tenth) - moment(seen, tenth)) / tenth * 1000
            last = (moment(seen, seen[-1][1]) - moment(seen, 9 * tenth)) / (seen[-1][1] - 9 * tenth) * 1000
            late = [(done, kib) for _, done, kib in seen if done >= 0.2 * count]
            print(f"| {count:,} | {second:.1f} | {last:.1f} | {last / second:.2f} | {late[0][1] / 1024:.0f} | {late[-1][1] / 1024:.0f}"
                  f" | {slope(late):.2f} |", flush=True)
    if a.plot:
        plot(runs, a.plot)


def plot(runs, file):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    figure, (times, memory) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for count, seen in runs.items():
        share = [done / count for _, done, _ in seen]
        marks = [count * k / 20 for k in range(1, 21)]
        rate = [(moment(seen, b) - moment(seen, b - count / 20)) / (count / 20) * 1000 for b in marks[1:]]
        times.plot([b / count for b in marks[1:]], rate, marker=".", label=f"{count:,} pictures")
        memory.plot(share, [kib / 1024 for _, _, kib in seen], label=f"{count:,} pictures")
    times.set(xlabel="share of the run", ylabel="ms an item", ylim=(0, None))
    memory.set(xlabel="share of the run", ylabel="MiB resident", ylim=(0, None))
    times.legend()
    figure.savefig(file, dpi=110)


if __name__ == "__main__":
    main()
