"""The networks that bench/models.py times: a name, and a function that gives a module and its input. They are built from those of tests/models.

`files(name, folder, onnx)` writes NAME.pt (traced), NAME.npz (the input x and PyTorch's answer y) and, when asked, NAME.onnx, unless they are there.
"""

import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/models"))
import documents
import sequences
import vision
from registry import quiet, trace


def picture(name, batch=1):
    def make():
        net = vision.network(name, 224)
        torch.manual_seed(3)
        return net, vision.pictures(batch, 224)

    return make


def half(make, dtype):
    def make_half():
        net, x = make()
        vision.network.cache_clear()  # the cached one changes its type
        return net.to(dtype), x.to(dtype)

    return make_half


def encoder(tokens):
    return lambda: (documents.Encoder(512), torch.randn(1, tokens, 512))


def perceptron(batch):
    return lambda: (sequences.Perceptron(), torch.randn(batch, 784))


NETWORKS = {
    "simplenet": lambda: (documents.SimpleNet(), torch.randn(1, 10)),
    "simplecnn": lambda: (documents.SimpleCNN(), torch.randn(1, 3, 32, 32)),
    "mlp_b1": perceptron(1),
    "mlp_b64": perceptron(64),
    "resnet18": picture("resnet18"),
    "resnet50": picture("resnet50"),
    "resnet50_b8": picture("resnet50", 8),
    "mobilenet_v2": picture("mobilenet_v2"),
    "mobilenet_v3_large": picture("mobilenet_v3_large"),
    "efficientnet_b0": picture("efficientnet_b0"),
    "vgg11_bn": picture("vgg11_bn"),
    "vit_b_16": picture("vit_b_16"),
    "encoder_16": encoder(16),
    "encoder_128": encoder(128),
    "gpt_64": lambda: (sequences.LanguageModel(768, 12, 4, 8192), torch.randint(0, 8192, (1, 64))),
    "lstm_100": lambda: (sequences.Recurrent(), torch.randn(1, 100, 80)),
}
MORE = {  # timed when named
    "densenet121": picture("densenet121"),
    "squeezenet1_1": picture("squeezenet1_1"),
    "googlenet": picture("googlenet"),
    "convnext_tiny": picture("convnext_tiny"),
    "swin_t": picture("swin_t"),
    "shufflenet_v2_x1_0": picture("shufflenet_v2_x1_0"),
    "regnet_y_400mf": picture("regnet_y_400mf"),
    "resnet18_bf16": half(picture("resnet18"), torch.bfloat16),
    "mobilenet_v2_bf16": half(picture("mobilenet_v2"), torch.bfloat16),
    "encoder_16_bf16": half(encoder(16), torch.bfloat16),
    "encoder_128_bf16": half(encoder(128), torch.bfloat16),
}


def export(net, x, path):
    """Writes the ONNX file; the older exporter first, whose graphs the engines fuse best. Fused encoder layers have no ONNX form."""
    names = {"input_names": ["x"], "output_names": ["y"]}
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        try:
            torch.onnx.export(net, (x,), path, dynamo=False, opset_version=17, **names)
        except Exception:
            torch.onnx.export(net, (x,), path, dynamo=True, external_data=False, **names)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)


def files(name, folder, onnx):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model, data, exported = (folder / f"{name}{suffix}" for suffix in (".pt", ".npz", ".onnx"))
    if not data.exists() or (onnx and not exported.exists()):
        torch.manual_seed(0)
        net, x = (NETWORKS | MORE)[name]()
        net.eval()
        with quiet(), torch.no_grad():
            trace(net, x).save(str(model))
            if onnx and x.dtype != torch.bfloat16:
                export(net, x, str(exported))
            y = net(x)
        plain = [t.float().numpy() if t.is_floating_point() else t.numpy() for t in (x, y)]
        np.savez(data, x=plain[0], y=plain[1], dtype=str(x.dtype).removeprefix("torch."))
    return {"model": str(model), "data": str(data), "onnx": str(exported)}
