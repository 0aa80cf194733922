"""The whole journey of many JPEGs, from disk to PNG overlays: 'vitrail explain' beside the same with pytorch-grad-cam.

    python bench/peers/journey.py --vitrail DIST/bin/vitrail --model mobilenet_v2_scripted.pt --photos FOLDER [--count 1000] [--batch 8]
                                  [--turns 3] [--threads N]

Makes COUNT different JPEGs (500x375, quality 90) out of the photos in FOLDER, then lets both explain them by turns, each in a process
of its own, start included: Grad-CAM at the last convolution, the predicted class, an overlay of each picture's own size. The peer reads,
resizes, draws and writes with OpenCV, and runs the eager network or, as '+', with its batch norm folded and channels-last. Prints
seconds, pictures a second, processor seconds and the ratios of throughput, medians of the turns.
"""
import argparse
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SIZE = (500, 375)


def peer(weights, pictures, out, batch, threads, folded):
    """What a user of pytorch-grad-cam writes for a folder."""
    import cv2
    import numpy as np
    import torch
    import torchvision
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.image import show_cam_on_image
    if threads:
        torch.set_num_threads(threads)
    network = torchvision.models.mobilenet_v2(weights=None)
    network.load_state_dict(torch.jit.load(weights).state_dict())
    network.eval()
    if folded:
        for module in network.modules():
            if isinstance(module, torchvision.ops.Conv2dNormActivation):
                module[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(module[0], module[1])
                module[1] = torch.nn.Identity()
            if type(module).__name__ == "InvertedResidual":
                inner = module.conv
                inner[-2] = torch.nn.utils.fusion.fuse_conv_bn_eval(inner[-2], inner[-1])
                inner[-1] = torch.nn.Identity()
        network = network.to(memory_format=torch.channels_last)
    mean, std = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    files = sorted(pathlib.Path(pictures).iterdir())
    with GradCAM(model=network, target_layers=[network.features[-1]]) as cam:
        for start in range(0, len(files), batch):
            some = files[start:start + batch]
            originals = [cv2.imread(str(file))[:, :, ::-1] for file in some]
            small = np.stack([(cv2.resize(one, (224, 224), interpolation=cv2.INTER_AREA) / np.float32(255) - mean) / std for one in originals])
            x = torch.from_numpy(small).permute(0, 3, 1, 2)
            if folded:
                x = x.contiguous(memory_format=torch.channels_last)
            for file, original, heat in zip(some, originals, cam(input_tensor=x, targets=None)):
                heat = cv2.resize(heat, original.shape[1::-1])
                shown = show_cam_on_image(np.float32(original) / 255, heat, use_rgb=True)
                cv2.imwrite(f"{out}/{file.stem}.png", shown[:, :, ::-1])


def make(photos, folder, count):
    from PIL import Image, ImageOps
    found = sorted(file for file in pathlib.Path(photos).iterdir() if file.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not found:
        sys.exit(f"{photos}: no photos")
    sources = [Image.open(file).convert("RGB") for file in found]
    draw = random.Random(9)
    for i in range(count):
        source = sources[i % len(sources)]
        share = draw.uniform(0.5, 1)
        width, height = int(source.width * share), int(source.height * share)
        left, top = draw.randint(0, source.width - width), draw.randint(0, source.height - height)
        one = source.crop((left, top, left + width, top + height)).resize(SIZE)
        (ImageOps.mirror(one) if draw.random() < 0.5 else one).save(folder / f"{i:05d}.jpg", quality=90)


def compare(a):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        pictures = folder / "pictures"
        pictures.mkdir()
        make(a.photos, pictures, a.count)
        threads = ["--threads", str(a.threads)] if a.threads else []
        commands = {
            "vitrail explain": [a.vitrail, "explain", a.model, str(pictures), "--preprocess", "torch,size=224", "-m", "grad-cam",
                                "--batch", str(a.batch), "--save", "png", "--quiet"] + threads + a.more + ["-o"],
            "pytorch-grad-cam": [sys.executable, __file__, "peer", a.model, str(pictures), str(a.batch), str(a.threads), ""],
            "pytorch-grad-cam +": [sys.executable, __file__, "peer", a.model, str(pictures), str(a.batch), str(a.threads), "+"]}
        wall, cpu = {name: [] for name in commands}, {name: [] for name in commands}
        for turn in range(a.turns):
            for name, command in commands.items():
                with tempfile.TemporaryDirectory(dir=folder) as out:
                    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                    subprocess.run(command + [out], check=True, stdout=subprocess.DEVNULL)
                    wall[name].append(time.perf_counter() - start)
                    after = resource.getrusage(resource.RUSAGE_CHILDREN)
                    cpu[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
                    written = sum(1 for file in os.listdir(out) if file.endswith(".png"))
                    if written != a.count:
                        sys.exit(f"{name} wrote {written} pictures of {a.count}")
        print("| work | seconds, median (least .. most) | pictures a second | processor seconds | vitrail's throughput : this |\n|---|---|---|---|---|")
        for name in commands:
            ratio = statistics.median(other / own for other, own in zip(wall[name], wall["vitrail explain"]))
            print(f"| {name} | {statistics.median(wall[name]):.1f} ({min(wall[name]):.1f} .. {max(wall[name]):.1f})"
                  f" | {a.count / statistics.median(wall[name]):.1f} | {statistics.median(cpu[name]):.1f} | {ratio:.2f} |")


def main():
    if sys.argv[1:2] == ["peer"]:
        _, _, weights, pictures, batch, threads, folded, out = sys.argv
        return peer(weights, pictures, out, int(batch), int(threads), bool(folded))
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--vitrail", required=True)
    parse.add_argument("--model", required=True)
    parse.add_argument("--photos", required=True)
    parse.add_argument("--count", type=int, default=1000)
    parse.add_argument("--batch", type=int, default=8)
    parse.add_argument("--turns", type=int, default=3)
    parse.add_argument("--threads", type=int, default=0)
    parse.add_argument("more", nargs="*", help="behind --: more words for vitrail explain")
    compare(parse.parse_args())


if __name__ == "__main__":
    main()
