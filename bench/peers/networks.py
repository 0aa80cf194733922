"""The networks as their users in Python hold them: eager modules with the weights of the same files, in several forms."""
import json

import h5py
import numpy as np
import torch
import torchvision
from torch import nn
from torch.fx.experimental.optimization import fuse

# file: below the folder of models; cam: the layer of Grad-CAM; pre: two rectifiers whose input is wanted; for each first Vitrail's
# name, then those in Python, of which the first that is called in a form counts
NETWORKS = {
    "ResNet-50": dict(file="torchscript/resnet50_traced.pt", size=224, cam=("layer4", ["layer4", "layer4.2.relu"]),
                      pre=(["layer2.0.relu", "layer3.0.relu"],) * 2),
    "MobileNetV2": dict(file="torchscript/mobilenet_v2_scripted.pt", size=224, cam=("features.18", ["features.18", "features.18.2"]),
                        pre=(["features.5.conv.0.2", "features.10.conv.0.2"],) * 2),
    "EfficientNet-Lite0": dict(file="torchscript/efficientnet_lite0_traced.pt", size=224, cam=("_bn1", ["_bn1", "_conv_head"]),
                               pre=(["_blocks.4._swish", "_blocks.8._swish"],) * 2),
    "VGG19": dict(file="keras/vgg19_notop.h5", size=224, cam=("block5_conv4", ["block5_conv4_relu"]), target="channel:block5_pool:0",
                  pre=(["block2_conv2", "block4_conv4"], ["block2_conv2_relu", "block4_conv4_relu"])),
    "YOLOv3-quarter": dict(file="keras/yolov3_quarter.h5", size=416, cam=("leaky_re_lu_51", ["leaky_re_lu_51"]), target="yolo",
                           pre=(["leaky_re_lu_10", "leaky_re_lu_30"],) * 2),
}
FORMS = ("eager", "eager, channels-last", "folded", "folded, channels-last")


class Keras(nn.Module):
    """A functional Keras network of the few layers that VGG and YOLO have, written as PyTorch has it."""

    def __init__(self, file):
        super().__init__()
        with h5py.File(file) as h5:
            config = json.loads(h5.attrs["model_config"])["config"]
            self.steps = []
            self.layers = nn.ModuleDict()
            for layer in config["layers"]:
                name, kind, own = layer["name"], layer["class_name"], layer["config"]
                sources = [node[0] for node in layer["inbound_nodes"][0]] if layer["inbound_nodes"] else []
                group = h5["model_weights"].get(name)
                weights = [np.array(group[key]) for key in group.attrs["weight_names"]] if group is not None else []
                module = self.module(kind, own, weights)
                if module is not None:
                    self.layers[name] = module
                self.steps.append((name, kind, sources))
                if own.get("activation") == "relu":
                    self.layers[name + "_relu"] = nn.ReLU()
            self.results = [node[0] for node in config["output_layers"]]

    @staticmethod
    def module(kind, own, weights):
        if kind == "Conv2D":
            kernel = torch.from_numpy(weights[0]).permute(3, 2, 0, 1)
            pad = own["kernel_size"][0] // 2 if own["padding"] == "same" else 0
            conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], own["kernel_size"], own["strides"], pad, bias=own["use_bias"])
            conv.weight.data = kernel.contiguous()
            if own["use_bias"]:
                conv.bias.data = torch.from_numpy(weights[1])
            return conv
        if kind == "BatchNormalization":
            norm = nn.BatchNorm2d(len(weights[0]), eps=own["epsilon"])
            for to, values in zip((norm.weight, norm.bias, norm.running_mean, norm.running_var), weights):
                to.data = torch.from_numpy(values)
            return norm
        if kind == "LeakyReLU":
            return nn.LeakyReLU(own["alpha"])
        if kind == "ZeroPadding2D":
            (top, bottom), (left, right) = own["padding"]
            return nn.ZeroPad2d((left, right, top, bottom))
        if kind == "MaxPooling2D":
            return nn.MaxPool2d(own["pool_size"], own["strides"])
        if kind == "UpSampling2D":
            return nn.Upsample(scale_factor=own["size"][0])
        if kind in ("InputLayer", "Add", "Concatenate"):
            return None
        raise ValueError(f"no layer {kind} here")

    def forward(self, x):
        values = {}
        for name, kind, sources in self.steps:
            inputs = [values[source] for source in sources]
            if kind == "InputLayer":
                value = x
            elif kind == "Add":
                value = inputs[0] + inputs[1]
            elif kind == "Concatenate":
                value = torch.cat(inputs, 1)
            else:
                value = self.layers[name](*inputs)
            if name + "_relu" in self.layers:
                value = self.layers[name + "_relu"](value)
            values[name] = value
        results = tuple(values[name] for name in self.results)
        return results if len(results) > 1 else results[0]


def eager(name, models):
    """The network in evaluation mode; Captum's hooks refuse ReLUs in place."""
    file = f"{models}/{NETWORKS[name]['file']}"
    if file.endswith(".h5"):
        network = Keras(file)
    else:
        if name == "EfficientNet-Lite0":
            from efficientnet_lite_pytorch import EfficientNet
            network = EfficientNet.from_name("efficientnet-lite0")
        else:
            network = {"ResNet-50": torchvision.models.resnet50, "MobileNetV2": torchvision.models.mobilenet_v2}[name](weights=None)
        network.load_state_dict(torch.jit.load(file).state_dict())
    for module in network.modules():
        if getattr(module, "inplace", False):
            module.inplace = False
    return network.eval()


def in_form(name, models, form):
    network = eager(name, models)
    if form.startswith("folded"):
        network = fuse(network)
    if "channels-last" in form:
        network = network.to(memory_format=torch.channels_last)
    return network.eval()


def layer(network, *names):
    """The first of these that there is: folding leaves no batch norms, and tracing no modules of modules."""
    called = {str(node.target) for node in network.graph.nodes} if hasattr(network, "graph") else None
    for name in names:
        for path in (name, "layers." + name):
            try:
                module = network.get_submodule(path)
            except AttributeError:
                continue
            if called is None or path in called:
                return module
    raise ValueError(f"none of {names} is called in this form")


def score(name):
    """Outputs to one score an item, as Vitrail's target has it; None for the class that the network predicts."""
    if name == "VGG19":
        return lambda outputs: outputs[:, 0].mean((1, 2))
    if name == "YOLOv3-quarter":
        def boxes(outputs):
            total = 0
            for output in outputs:
                n, _, h, w = output.shape
                cells = output.reshape(n, 3, 85, h, w)
                total = total + (cells[:, :, 4:5].sigmoid() * cells[:, :, 5:].sigmoid()).sum((1, 2, 3, 4))
            return total
        return boxes
    return None
