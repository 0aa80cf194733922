"""One process of the peers: what their methods cost on one network, batch and number of threads; a JSON array on standard output."""
import argparse
import ctypes
import json
import statistics
import time

import numpy as np
import torch
from captum.attr import GuidedBackprop, LayerActivation, LayerGradCam, Saliency
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

import networks

WARM_UP = 2


def resident(key):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(key))


def forget_peak():
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # in their favour: what glibc only keeps is not held against them
    try:
        with open("/proc/self/clear_refs", "w") as references:
            references.write("5")
    except OSError:
        pass


def works(name, network, x):
    """Each work as its users write it; in their favour the classes are known, which cost them a forward pass before."""
    how = networks.NETWORKS[name]
    score = networks.score(name)
    of = network if score is None else Scored(network, score)
    cam = networks.layer(network, *how["cam"][1])
    pre = [networks.layer(network, each) for each in how["pre"][1]]

    def explained(method, **more):
        return method.attribute(x, **more) if score is not None else method.attribute(x, target=classes, **more)

    def autograd():
        leaf = x.detach().requires_grad_()
        out = of(leaf)
        best = out if score is not None else out.max(1).values
        return torch.autograd.grad(best.sum(), leaf)[0]

    def forward():
        with torch.no_grad():
            return network(x)

    classes = None if score is not None else forward().argmax(1)
    found = {
        "forward": forward,
        "autograd": autograd,
        "gradient": lambda: explained(Saliency(of), abs=False),
        "guided-backprop": lambda: explained(GuidedBackprop(of)),
        "grad-cam": lambda: explained(LayerGradCam(of, cam)),
        "pre-activation": lambda: LayerActivation(network, pre).attribute(x, attribute_to_layer_input=True),
    }
    if score is None:
        targets = [ClassifierOutputTarget(int(each)) for each in classes]
        found["grad-cam (pytorch-grad-cam)"] = lambda: pytorch_grad_cam(network, cam, x, targets)
    return found


class Scored(torch.nn.Module):
    """A network whose outputs are joined into one score an item."""

    def __init__(self, network, score):
        super().__init__()
        self.network, self.score = network, score

    def forward(self, x):
        return self.score(self.network(x))


def pytorch_grad_cam(network, layer, x, targets):
    for parameter in network.parameters():
        parameter.requires_grad_(True)  # it does not work without
    with GradCAM(model=network, target_layers=[layer]) as cam:
        result = cam(input_tensor=x, targets=targets)
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return result


def measured(name, form, arguments, x, wanted):
    network = networks.in_form(name, arguments.models, form)
    for parameter in network.parameters():
        parameter.requires_grad_(False)  # in their favour: nobody needs these gradients
    if "channels-last" in form:
        x = x.to(memory_format=torch.channels_last)
    results, loaded = {}, None
    for work, run in works(name, network, x).items():
        if wanted and work not in wanted:
            continue
        try:
            forget_peak()
            loaded = loaded or resident("VmRSS")  # behind the forward pass that chose the classes
            for _ in range(WARM_UP):
                run()
            peak = resident("VmHWM")
        except Exception as e:  # what does not run in this form is measured in the others
            results[work] = dict(error=f"{type(e).__name__}: {e}"[:120])
            continue
        times, processor = [], []
        for _ in range(arguments.repeats):
            start, before = time.perf_counter(), time.process_time()
            run()
            times.append((time.perf_counter() - start) * 1e3)
            processor.append((time.process_time() - before) * 1e3)
        results[work] = dict(cpu_ms=statistics.mean(processor), median_ms=statistics.median(times), min_ms=min(times), max_ms=max(times),
                             peak_rss_mib=peak, rss_before_mib=loaded)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=networks.NETWORKS)
    parser.add_argument("input", help="an .npy of shape (N, 3, H, W)")
    parser.add_argument("--models", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--forms", default="|".join(networks.FORMS))
    parser.add_argument("--works", default="", help="separated by commas; default: all")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    x = torch.from_numpy(np.load(arguments.input))
    wanted = set(filter(None, arguments.works.split(",")))
    print(json.dumps([dict(form=form, method=work, **result) for form in arguments.forms.split("|")
                      for work, result in measured(arguments.network, form, arguments, x, wanted).items()]))


if __name__ == "__main__":
    main()
