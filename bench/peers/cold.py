"""A picture to a PNG of Grad-CAM in one cold command, as a user of a peer writes it; or, with --vitrail, that beside 'vitrail explain'.

    python cold.py captum|pytorch-grad-cam WEIGHTS PICTURE OUT.png        WEIGHTS: the state dict of torchvision's resnet50
    python cold.py --vitrail DIST/bin/vitrail --model resnet50.pt PICTURE [--turns 11]
"""
import sys


def explain(tool, weights, picture, out):
    import numpy as np
    import torch
    import torchvision
    from PIL import Image
    network = torchvision.models.resnet50(weights=None)
    network.load_state_dict(torch.load(weights, mmap=True))
    network.eval()
    image = Image.open(picture).convert("RGB").resize((224, 224))
    rgb = np.asarray(image, dtype=np.float32) / 255
    x = torch.from_numpy((rgb - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).float().permute(2, 0, 1)[None]
    if tool == "captum":
        from captum.attr import LayerAttribution, LayerGradCam
        with torch.no_grad():
            target = int(network(x).argmax())
        heat = LayerGradCam(network, network.layer4).attribute(x, target=target, relu_attributions=True)
        heat = LayerAttribution.interpolate(heat, (224, 224), "bilinear")[0, 0].detach().numpy()
        import matplotlib
        colours = matplotlib.colormaps["jet"](heat / (heat.max() + 1e-9))[:, :, :3]
        Image.fromarray(np.uint8(255 * (rgb + colours) / 2)).save(out)
    else:
        from pytorch_grad_cam import GradCAM
        from pytorch_grad_cam.utils.image import show_cam_on_image
        with GradCAM(model=network, target_layers=[network.layer4]) as cam:
            Image.fromarray(show_cam_on_image(rgb, cam(input_tensor=x, targets=None)[0], use_rgb=True)).save(out)


def compare(vitrail, model, picture, turns):
    import pathlib
    import resource
    import statistics
    import subprocess
    import tempfile
    import time
    with tempfile.TemporaryDirectory() as folder:
        weights = pathlib.Path(folder) / "weights.pth"
        save = f"import torch; torch.save(torch.jit.load({model!r}).state_dict(), {str(weights)!r})"
        subprocess.run([sys.executable, "-c", save], check=True)
        commands = {
            "vitrail explain": [vitrail, "explain", model, picture, "--preprocess", "torch,size=224", "-l", "layer4", "--save", "png",
                                "-o", folder],
            "Captum": [sys.executable, __file__, "captum", str(weights), picture, f"{folder}/captum.png"],
            "pytorch-grad-cam": [sys.executable, __file__, "pytorch-grad-cam", str(weights), picture, f"{folder}/pgc.png"]}
        wall, cpu = {name: [] for name in commands}, {name: [] for name in commands}
        for turn in range(turns + 1):
            for name, command in commands.items():
                before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
                if turn:  # the first of each fills the system's cache, and has our archive written
                    wall[name].append(seconds)
                    cpu[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            time.sleep(0 if turn else 10)
        print("| command | seconds, median (least .. most) | processor seconds | x vitrail explain, median of the turns |\n|---|---|---|---|")
        for name in commands:
            ratio = statistics.median(other / own for other, own in zip(wall[name], wall["vitrail explain"]))
            print(f"| {name} | {statistics.median(wall[name]):.2f} ({min(wall[name]):.2f} .. {max(wall[name]):.2f})"
                  f" | {statistics.median(cpu[name]):.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    if sys.argv[1] == "--vitrail":
        compare(sys.argv[2], sys.argv[4], sys.argv[5], int(sys.argv[7]) if len(sys.argv) > 7 else 11)
    else:
        explain(*sys.argv[1:])
