"""The programs of the two texts tsrun was started from, as models."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn

from registry import Call, Model, model, script, trace


class SimpleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(10, 5)
        self.linear2 = nn.Linear(5, 2)

    def forward(self, x):
        x = torch.relu(self.linear1(x))
        return self.linear2(x)


class ConvBlock(nn.Module):
    def __init__(self, in_ch, out_ch):
        super().__init__()
        self.conv = nn.Conv2d(in_ch, out_ch, 3, padding=1)
        self.bn = nn.BatchNorm2d(out_ch)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.bn(self.conv(x)))


class SimpleCNN(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.features = nn.Sequential(ConvBlock(3, 32), nn.MaxPool2d(2), ConvBlock(32, 64), nn.AdaptiveAvgPool2d(1))
        self.classifier = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.features(x)
        x = x.flatten(1)
        return self.classifier(x)


class DynamicRouter(nn.Module):
    def __init__(self, d_model: int, num_experts: int):
        super().__init__()
        self.gate = nn.Linear(d_model, num_experts)
        self.experts = nn.ModuleList([nn.Linear(d_model, d_model) for _ in range(num_experts)])
        self.threshold = 0.5

    def forward(self, x: Tensor) -> Tensor:
        scores = torch.softmax(self.gate(x), dim=-1)
        max_score, expert_idx = scores.max(dim=-1)
        outputs = torch.zeros_like(x)
        for i, expert in enumerate(self.experts):
            mask = expert_idx == i
            if mask.any():
                outputs[mask] = expert(x[mask])
        return outputs


def process_outputs(logits: Tensor, labels: Optional[Tensor] = None, top_k: int = 5) -> Tuple[Tensor, List[int]]:
    probs = torch.softmax(logits, dim=-1)
    values, indices = probs.topk(top_k, dim=-1)
    top_classes: List[int] = []
    for i in range(top_k):
        top_classes.append(indices[0, i].item())
    if labels is not None:
        return probs, top_classes
    else:
        return probs, top_classes


class ProcessOutputs(nn.Module):
    def forward(self, logits: Tensor, labels: Optional[Tensor] = None, top_k: int = 5) -> Tuple[Tensor, List[int]]:
        return process_outputs(logits, labels, top_k)


class Encoder(nn.Module):
    def __init__(self, d_model):
        super().__init__()
        self.layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model, 8, batch_first=True), num_layers=6)

    def forward(self, x):
        return self.layers(x)


class ConditionalDecoder(nn.Module):
    def __init__(self, d_model, vocab_size):
        super().__init__()
        self.proj = nn.Linear(d_model, vocab_size)
        self.temperature: float = 1.0

    @torch.jit.export
    def set_temperature(self, t: float):
        self.temperature = t

    def forward(self, x: Tensor, greedy: bool = True) -> Tensor:
        logits = self.proj(x) / self.temperature
        if greedy:
            return logits.argmax(dim=-1)
        else:
            probs = torch.softmax(logits, dim=-1)
            return torch.multinomial(probs.view(-1, probs.size(-1)), 1).view(probs.size(0), probs.size(1))


class FullModel(nn.Module):
    def __init__(self, d_model, vocab_size):
        super().__init__()
        self.encoder = trace(Encoder(d_model), torch.randn(1, 16, d_model))
        self.decoder = torch.jit.script(ConditionalDecoder(d_model, vocab_size))

    @torch.jit.export
    def set_temperature(self, t: float):
        self.decoder.set_temperature(t)

    @torch.jit.export
    def probabilities(self, x: Tensor) -> Tensor:
        return torch.softmax(self.decoder.proj(self.encoder(x)) / self.decoder.temperature, dim=-1)

    def forward(self, x: Tensor, greedy: bool = True) -> Tensor:
        encoded = self.encoder(x)
        return self.decoder(encoded, greedy)


class SignBranch(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if x.sum() > 0:
            return x * 2
        return -x


class Extent(NamedTuple):
    low: float
    high: float


@torch.jit.script
class Tally:
    def __init__(self, names: List[str]):
        self.counts: Dict[str, int] = {}
        for name in names:
            self.counts[name] = 0
        self.last = torch.jit.annotate(Optional[str], None)

    def add(self, name: str, by: int = 1) -> int:
        self.counts[name] += by
        self.last = name
        return self.counts[name]


class ListedTypes(nn.Module):
    """int, float, bool, str, Tensor, List, Dict, Tuple, Optional, a NamedTuple and a script class in one program."""

    def forward(self, x: Tensor, words: List[str], weights: Dict[str, float], scale: Optional[float] = None, flip: bool = False):
        tally = Tally(["even", "odd"])
        for i in range(x.size(0)):
            tally.add("even" if i % 2 == 0 else "odd")
        total = 0.0
        for word in words:
            total += weights[word] if word in weights else 0.5
        if scale is not None:
            total *= scale
        y = -x if flip else x
        extent = Extent(float(y.min()), float(y.max()))
        pairs: List[Tuple[str, int]] = [(k, v) for k, v in tally.counts.items()]
        return y * total, pairs, extent, tally.last, ", ".join(words).upper()


def images(batch):
    return torch.randn(batch, 3, 32, 32)


@model("simplenet")
def simplenet(options):
    return Model(script(SimpleNet()), [Call((torch.randn(1, 10),)), Call((torch.randn(3, 10),))])


def simplecnn(options, form):
    net = SimpleCNN()
    torch.nn.init.uniform_(net.features[0].bn.running_var, 0.5, 1.5)
    made = trace(net, images(1)) if form == "traced" else script(net)
    if form == "frozen":
        made = torch.jit.freeze(made)
    return Model(made, [Call((images(1),)), Call((images(3),))])


for form in ("traced", "scripted", "frozen"):
    model(f"simplecnn_{form}")(lambda options, form=form: simplecnn(options, form))


@model("simplecnn_frozen_traced")
def simplecnn_frozen_traced(options):
    return Model(torch.jit.freeze(trace(SimpleCNN(), images(1))), [Call((images(1),)), Call((images(3),))])


@model("dynamic_router")
def dynamic_router(options):
    return Model(script(DynamicRouter(256, 4)), [Call((torch.randn(8, 256),)), Call((torch.randn(2, 256),))])


@model("process_outputs")
def make_process_outputs(options):
    logits = torch.randn(2, 12)
    return Model(script(ProcessOutputs()), [Call((logits,)), Call((logits, None, 3)), Call((logits, torch.tensor([1, 2]), 7))])


@model("full_model")
def full_model(options):
    x = torch.randn(2, 16, 64)
    calls = [
        Call((x,)),
        Call((x, False)),
        Call((2.5,), "set_temperature"),
        Call((x,), "probabilities"),
        Call((x,)),
        Call((x, False)),
        Call((torch.randn(1, 5, 64), False)),
    ]
    return Model(script(FullModel(64, 100)), calls)


@model("sign_branch")
def sign_branch(options):
    return Model(script(SignBranch()), [Call((torch.ones(2, 3),)), Call((-torch.ones(2, 3),)), Call((torch.zeros(0),))])


@model("listed_types")
def listed_types(options):
    x = torch.randn(5, 2)
    return Model(
        script(ListedTypes()),
        [Call((x, ["a", "b"], {"a": 2.0})), Call((x, ["b", "b"], {"a": 2.0, "b": 0.25}, 3.0, True)), Call((x, [], {}, None, True))],
    )
