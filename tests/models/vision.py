"""torchvision's classification networks with random weights: scripted and traced, called with one image and with three."""

import functools

import torch

from registry import Call, Model, model, quiet, script, settle, trace

SIZES = {  # smallest picture that each architecture takes without degenerate layers; full size beside it
    "resnet18": 64,
    "resnet50": 64,
    "mobilenet_v2": 64,
    "mobilenet_v3_large": 64,
    "efficientnet_b0": 64,
    "vgg11_bn": 64,
    "squeezenet1_1": 64,
    "densenet121": 64,
    "shufflenet_v2_x1_0": 64,
    "regnet_y_400mf": 64,
    "googlenet": 64,
    "inception_v3": 96,
    "convnext_tiny": 64,
    "vit_b_16": 64,
    "swin_t": 64,
}
UNTRAINED = {"googlenet": {"init_weights": False}, "inception_v3": {"init_weights": False}}  # their own initialisation takes minutes


@functools.cache
def torchvision_models():
    """torchvision beside a PyTorch of another build lacks its C++ library: its operators are declared so that it imports."""
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, name):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    with quiet():
        import torchvision.models
    return torchvision.models, library


@functools.lru_cache(maxsize=1)
def network(name, size):
    torch.manual_seed(1)
    extra = dict(UNTRAINED.get(name, {}))
    if name == "vit_b_16":
        extra["image_size"] = size
    with quiet():
        net = getattr(torchvision_models()[0], name)(weights=None, **extra)
    if name == "vit_b_16":  # its head starts at zero: every answer would be the same
        torch.nn.init.normal_(net.heads.head.weight, 0, 0.02)
    torch.manual_seed(2)
    return settle(net, pictures(8, size))


def pictures(count, size):
    """Smooth colour fields with noise: pictures differ from one another more than white noise does."""
    fields = torch.nn.functional.interpolate(torch.randn(count, 3, 4, 4), size=(size, size), mode="bicubic")
    return fields + 0.3 * torch.randn(count, 3, size, size)


def classifier(options, name, form):
    size = {"inception_v3": 299}.get(name, 224) if options.full_size else SIZES[name]
    net = network(name, size)
    torch.manual_seed(3)
    one, three = pictures(1, size), pictures(3, size)
    made = script(net) if form == "scripted" else trace(net, one)
    return Model(made, [Call((one,)), Call((three,))])


for name in SIZES:
    for form in ("scripted", "traced"):
        model(f"{name}_{form}")(lambda options, name=name, form=form: classifier(options, name, form))
