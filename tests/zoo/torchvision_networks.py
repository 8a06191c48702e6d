"""torchvision: classification, segmentation, detection, video, optical flow, and its operators."""

from typing import List

import torch
from torch import Tensor, nn

from collection import FORMS, Sample, entry
from registry import settle
from vision import pictures
from vision_operators import declare


def networks():
    declare()
    import torchvision.models

    return torchvision.models


def classifier(architecture, size=64, slim=False, **options):
    torch.manual_seed(1)
    net = getattr(networks(), architecture)(weights=None, **options)
    if slim:  # the wide layers of the first architectures would make files of half a gigabyte
        features = [m for m in net.classifier if isinstance(m, nn.Linear)][0].in_features
        net.classifier = nn.Sequential(nn.Dropout(), nn.Linear(features, 64), nn.ReLU(inplace=True), nn.Linear(64, 100))
    for m in net.modules():
        if isinstance(m, nn.Linear) and not m.weight.any():  # a head that starts at zero gives every picture the same answer
            nn.init.normal_(m.weight, 0, 0.02)
    torch.manual_seed(2)
    settle(net, pictures(4, size))
    return Sample(net, [(pictures(1, size),), (pictures(2, size),)])


class Out(nn.Module):
    """The main map of a segmentation network; scripted networks must not be asked for one of several types."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)["out"]


def segmenter(architecture, **options):
    torch.manual_seed(1)
    net = Out(getattr(networks().segmentation, architecture)(weights=None, weights_backbone=None, num_classes=5, **options))
    torch.manual_seed(2)
    settle(net, pictures(2, 64))
    return Sample(net, [(pictures(1, 64),), (pictures(2, 96),)])


class Detector(nn.Module):
    """Detections of two pictures; the scripted network returns losses beside them, which are left out. In double precision: boxes are
    ranked, and where scores are near to one another rounding decides about the order."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, a: Tensor, b: Tensor):
        images: List[Tensor] = [a, b]
        return self.net(images)[1]


def detector(architecture, **options):
    torch.manual_seed(1)
    net = getattr(networks().detection, architecture)(weights=None, weights_backbone=None, **options)
    torch.manual_seed(2)
    for m in net.modules():  # an untrained network finds nothing: sharpen what it says
        if isinstance(m, nn.Conv2d) and m.bias is not None:
            nn.init.normal_(m.bias, 0, 0.3)
    sizes = ((96, 80), (64, 128))
    return Sample(Detector(net).double(), [tuple(pictures(1, size)[0].double() for size in pair) for pair in sizes])


def video(architecture, frames=8, size=32, **options):
    torch.manual_seed(1)
    net = getattr(networks().video, architecture)(weights=None, num_classes=20, **options)

    def clips(count):
        return pictures(count * frames, size).view(count, frames, 3, size, size).transpose(1, 2).contiguous()

    settle(net, clips(2))
    return Sample(net, [(clips(1),), (clips(2),)])


class Flow(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, a: Tensor, b: Tensor):
        return self.net(a, b, num_flow_updates=2)


def flow(architecture):
    torch.manual_seed(1)
    net = getattr(networks().optical_flow, architecture)(weights=None)
    torch.manual_seed(2)
    return Sample(Flow(net), [(pictures(1, 128), pictures(1, 128)), (pictures(2, 136), pictures(2, 136))])


class Deformed(nn.Module):
    def __init__(self, **options):
        super().__init__()
        from torchvision.ops import DeformConv2d

        self.conv = DeformConv2d(8, 12, 3, **options)
        self.offset, self.mask = nn.Conv2d(8, 2 * 9 * 2, 1), nn.Conv2d(8, 9 * 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x, self.offset(x), self.mask(x).sigmoid())


def deformed():
    declare()
    return Sample(Deformed(padding=1, groups=2), [(torch.randn(1, 8, 9, 11),), (torch.randn(2, 8, 5, 5),)])


def layers(text, sizes):
    """A layer of torchvision.ops, by expression."""
    declare()
    import torchvision.ops

    return Sample(eval(text, vars(torchvision.ops)), [(torch.randn(s),) for s in sizes])


SCRIPTED = ("scripted",)  # detection: a trace fixes the number of boxes found
PICTURES = {"min_size": 96, "max_size": 128}
PROPOSALS = {"rpn_pre_nms_top_n_test": 40, "rpn_post_nms_top_n_test": 20, "box_detections_per_img": 10}
CANDIDATES = {"topk_candidates": 40, "detections_per_img": 20}
NETWORKS = [
    *((classifier, name, {}) for name in (
        "resnet18 resnext50_32x4d wide_resnet50_2 densenet121 mobilenet_v2 mobilenet_v3_small mnasnet0_5 shufflenet_v2_x0_5 squeezenet1_0 "
        "squeezenet1_1 efficientnet_b0 efficientnet_v2_s regnet_x_400mf regnet_y_400mf convnext_tiny swin_t swin_v2_t"
    ).split()),
    *((classifier, name, {"slim": True}) for name in ("alexnet", "vgg11", "vgg11_bn")),
    (classifier, "googlenet", {"init_weights": False, "aux_logits": False}),
    (classifier, "inception_v3", {"size": 96, "init_weights": False}),
    (classifier, "vit_b_32", {"image_size": 64}),
    (classifier, "maxvit_t", {"size": 224}),
    *((segmenter, name, {}) for name in "fcn_resnet50 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large lraspp_mobilenet_v3_large".split()),
    *((detector, name, {**PICTURES, **PROPOSALS}) for name in (
        "fasterrcnn_mobilenet_v3_large_320_fpn fasterrcnn_resnet50_fpn_v2 maskrcnn_resnet50_fpn keypointrcnn_resnet50_fpn"
    ).split()),
    *((detector, name, {**PICTURES, **CANDIDATES}) for name in ("retinanet_resnet50_fpn", "fcos_resnet50_fpn")),
    *((detector, name, CANDIDATES) for name in ("ssd300_vgg16", "ssdlite320_mobilenet_v3_large")),
    *((video, name, {}) for name in ("r3d_18", "mc3_18", "r2plus1d_18", "swin3d_t")),
    (video, "s3d", {"frames": 16, "size": 224}),
    (video, "mvit_v2_s", {"frames": 16, "size": 224}),
    (flow, "raft_small", {}),
    (flow, "raft_large", {}),
]  # fmt: skip
LARGE = (
    "resnext50_32x4d wide_resnet50_2 efficientnet_v2_s convnext_tiny swin_t swin_v2_t inception_v3 vit_b_32 maxvit_t fcn_resnet50 deeplabv3_resnet50 "
    "fasterrcnn_mobilenet_v3_large_320_fpn fasterrcnn_resnet50_fpn_v2 maskrcnn_resnet50_fpn keypointrcnn_resnet50_fpn retinanet_resnet50_fpn "
    "fcos_resnet50_fpn ssd300_vgg16 r3d_18 r2plus1d_18 swin3d_t s3d mvit_v2_s vgg11 vgg11_bn"
).split()
LAYERS = {
    "conv_norm": ("Conv2dNormActivation(3, 8, 3, stride=2)", ((1, 3, 8, 8), (2, 3, 5, 7))),
    "squeeze_excitation": ("SqueezeExcitation(8, 2)", ((1, 8, 4, 4), (2, 8, 3, 3))),
    "frozen_norm": ("FrozenBatchNorm2d(4)", ((1, 4, 5, 5), (2, 4, 3, 3))),
    "stochastic_depth": ("StochasticDepth(0.5, 'row')", ((2, 4), (3, 5))),
    "drop_block": ("DropBlock2d(0.5, 3)", ((2, 4, 6, 6),)),
    "permute": ("Permute([0, 2, 1])", ((2, 3, 4), (1, 5, 6))),
    "mlp": ("MLP(6, [8, 4])", ((2, 6), (3, 5, 6))),
}

for make, name, options in NETWORKS:
    forms = SCRIPTED if make is detector else FORMS
    entry("torchvision", name, make, forms, ("torchvision",), name in LARGE, architecture=name, **options)
for name, (text, sizes) in LAYERS.items():
    entry("torchvision", name, layers, packages=("torchvision",), text=text, sizes=sizes)
entry("torchvision", "deform_conv2d", deformed, packages=("torchvision",))
