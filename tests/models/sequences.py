"""Networks on sequences and rows, and the pretrained speech detector that is streamed chunk by chunk."""

import importlib.metadata
import math

import torch
from torch import nn

from documents import Encoder
from registry import Call, Model, model, script, trace


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10))

    def forward(self, x):
        return self.net(x)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(80, 256, 2, batch_first=True)
        self.out = nn.Linear(256, 32)

    def forward(self, x):
        return self.out(self.rnn(x)[0])


class CausalBlock(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.before(x)).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).reshape(b, t, d))
        return x + self.down(nn.functional.gelu(self.up(self.after(x))))


class LanguageModel(nn.Module):
    def __init__(self, width: int = 256, heads: int = 8, depth: int = 4, words: int = 1024):
        super().__init__()
        self.tokens, self.places = nn.Embedding(words, width), nn.Embedding(128, width)
        self.blocks = nn.Sequential(*[CausalBlock(width, heads) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, words, bias=False)

    def forward(self, ids):
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1], device=ids.device))
        return self.head(self.norm(self.blocks(x)))


def both_forms(name, build, calls, forms=("scripted", "traced")):
    for form in forms:

        def make(options, form=form):
            net, inputs = build(), calls()
            return Model(script(net) if form == "scripted" else trace(net, inputs[0]), [Call((x,)) for x in inputs])

        model(f"{name}_{form}")(make)


both_forms("mlp", Perceptron, lambda: [torch.randn(1, 784), torch.randn(64, 784)])
both_forms("lstm", Recurrent, lambda: [torch.randn(1, 100, 80), torch.randn(3, 7, 80)])
both_forms("encoder", lambda: Encoder(512), lambda: [torch.randn(1, 16, 512), torch.randn(1, 128, 512)])
both_forms("gpt", LanguageModel, lambda: [torch.randint(0, 1024, (1, 64)), torch.randint(0, 1024, (2, 5))])


def speech_like(rate, seconds):
    """A voiced sound that comes and goes over noise: the detector's answers move between its extremes."""
    t = torch.arange(int(rate * seconds)) / rate
    voice = sum(torch.sin(2 * math.pi * 140 * k * t + 3 * torch.sin(2 * math.pi * 3 * t)) / k for k in range(1, 12))
    generator = torch.Generator().manual_seed(5)
    return 0.15 * voice * (torch.sin(2 * math.pi * t) > 0) + 0.005 * torch.randn(len(t), generator=generator)


@model("silero_vad")
def silero_vad(options):
    """Both rates, each stream in chunks that share state; `reset_states` between the streams."""
    path = next(f.locate() for f in importlib.metadata.files("silero-vad") if f.name == "silero_vad.jit")
    calls = []
    for rate, chunk in ((16000, 512), (8000, 256)):
        for _ in range(2):  # a second stream after a reset gives the first one's numbers again
            calls += [Call((piece.unsqueeze(0), rate)) for piece in speech_like(rate, 1.0).split(chunk) if len(piece) == chunk]
            calls.append(Call((), "reset_states"))
    return Model(torch.jit.load(str(path)), calls)
