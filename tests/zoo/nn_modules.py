"""Every module of torch.nn: how it is made, and the inputs of the calls on it."""

import collections
import re

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from collection import Sample, entry
from documents import Encoder


class Packed(nn.Module):
    """A recurrent network over sequences of several lengths."""

    def __init__(self, rnn, batch_first: bool = False, enforce_sorted: bool = False):
        super().__init__()
        self.rnn, self.batch_first, self.enforce_sorted = rnn, batch_first, enforce_sorted

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, self.batch_first, self.enforce_sorted)
        out, state = self.rnn(packed)
        padded, sizes = pad_packed_sequence(out, self.batch_first)
        return padded, sizes, state


class Called(nn.Module):
    """Recurrent networks have several forms of forward: only a module that calls one of them can be scripted."""

    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn

    def forward(self, x):
        return self.rnn(x)


class Started(nn.Module):
    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn

    def forward(self, x, state):
        return self.rnn(x, state)


class LongStarted(Started):
    def forward(self, x, h, c):
        return self.rnn(x, (h, c))


class Masked(nn.Module):
    """An encoder with a causal mask and padding."""

    def __init__(self, width: int, norm_first: bool):
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, 2, 24, norm_first=norm_first, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, x, padding):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], device=x.device, dtype=x.dtype)
        return self.encoder(x, mask=mask, src_key_padding_mask=padding, is_causal=True)


class Attended(nn.Module):
    def __init__(self, weights: bool, **options):
        super().__init__()
        self.attention, self.weights = nn.MultiheadAttention(12, 3, **options), weights

    def forward(self, q, k, v):
        return self.attention(q, k, v, need_weights=self.weights)


class Pooled(nn.Module):
    """Max pooling with indices, undone by the matching unpooling."""

    def __init__(self, pool, unpool):
        super().__init__()
        self.pool, self.unpool = pool, unpool

    def forward(self, x):
        y, where = self.pool(x)
        return self.unpool(y, where), where


class Loss(nn.Module):
    def __init__(self, loss):
        super().__init__()
        self.loss = loss

    def forward(self, a, b):
        return self.loss(a, b)


class Held(nn.Module):
    """Containers of modules and of parameters."""

    def __init__(self):
        super().__init__()
        self.list = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])
        self.dict = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Sequential(nn.Linear(4, 2), nn.Identity())})
        self.scale = nn.ParameterList([nn.Parameter(torch.ones(4)), nn.Parameter(torch.full((4,), 0.5))])

    def forward(self, x):
        for layer in self.list:
            x = layer(x)
        for scale in self.scale:
            x = x * scale
        for layer in self.dict.values():
            x = layer(x)
        return x


def r(*sizes):
    return torch.randn(sizes)


def i(high, *sizes):
    return torch.randint(0, high, sizes)


def c(*sizes):
    return torch.randn(sizes, dtype=torch.complex64)


def warm(module, *inputs):
    """Running statistics that are not where they start."""
    module.train()
    for x in inputs:
        module(x * 2 + 1)
    return module.eval()


MODULES = """
Linear(5, 3) | r(2, 5) | r(4, 7, 5)
Linear(5, 3, bias=False) | r(2, 5) | r(5)
Bilinear(3, 4, 5) | r(2, 3), r(2, 4) | r(6, 3), r(6, 4)
Identity(3, unused=1) | r(2, 3)
LazyLinear(3) | r(2, 5)
Conv1d(4, 6, 3, padding=1) | r(2, 4, 9) | r(1, 4, 5)
Conv1d(4, 6, 3, padding='same', dilation=2, padding_mode='reflect') | r(2, 4, 9) | r(1, 4, 6)
Conv2d(4, 6, 3, stride=2, padding=1, groups=2) | r(2, 4, 9, 8) | r(1, 4, 5, 7)
Conv2d(4, 6, 3, padding='valid', padding_mode='circular') | r(2, 4, 9, 8) | r(4, 6, 6)
Conv2d(4, 6, (3, 1), padding=(1, 0), padding_mode='replicate', bias=False) | r(2, 4, 9, 8)
Conv2d(8, 8, 5, padding='same', groups=8) | r(1, 8, 12, 12) | r(3, 8, 6, 9)
Conv3d(3, 4, 3, padding=1) | r(1, 3, 5, 6, 7) | r(2, 3, 4, 4, 4)
ConvTranspose1d(4, 6, 3, stride=2, output_padding=1) | r(2, 4, 9) | r(1, 4, 5)
ConvTranspose2d(4, 6, 3, stride=2, padding=1, groups=2) | r(2, 4, 5, 6) | r(1, 4, 3, 7)
ConvTranspose3d(3, 4, 2, stride=2) | r(1, 3, 3, 4, 5) | r(2, 3, 2, 2, 2)
LazyConv2d(4, 3) | r(2, 3, 8, 8)
Unfold(3, dilation=1, padding=1, stride=2) | r(2, 3, 8, 9) | r(1, 3, 5, 5)
Fold((8, 9), 3, padding=1, stride=1) | r(2, 27, 72) | r(1, 9, 72)
MaxPool1d(3, 2, 1) | r(2, 3, 9) | r(3, 12)
MaxPool2d(3, 2, 1, ceil_mode=True) | r(2, 3, 9, 8) | r(1, 3, 5, 5)
MaxPool3d(2) | r(1, 3, 4, 6, 8) | r(2, 3, 5, 5, 5)
AvgPool1d(3, 2, 1) | r(2, 3, 9) | r(1, 3, 12)
AvgPool2d(3, 2, 1, count_include_pad=False) | r(2, 3, 9, 8) | r(1, 3, 5, 5)
AvgPool3d(2, divisor_override=3) | r(1, 3, 4, 6, 8) | r(2, 3, 5, 5, 5)
FractionalMaxPool2d(2, output_size=(3, 4), _random_samples=torch.rand(2, 3, 2)) | r(2, 3, 9, 8)
FractionalMaxPool3d(2, output_size=(2, 3, 4), _random_samples=torch.rand(2, 3, 3)) | r(2, 3, 6, 9, 8)
LPPool1d(2.0, 3, 2) | r(2, 3, 9).abs()
LPPool2d(2.0, 3, 2) | r(2, 3, 9, 8).abs()
LPPool3d(2.0, 2) | r(1, 3, 4, 4, 6).abs()
AdaptiveMaxPool1d(4) | r(2, 3, 9) | r(1, 3, 5)
AdaptiveMaxPool2d((4, None)) | r(2, 3, 9, 8) | r(1, 3, 5, 8)
AdaptiveMaxPool3d(2) | r(1, 3, 4, 5, 6) | r(2, 3, 3, 3, 3)
AdaptiveAvgPool1d(4) | r(2, 3, 9) | r(1, 3, 5)
AdaptiveAvgPool2d((4, None)) | r(2, 3, 9, 8) | r(1, 3, 5, 8)
AdaptiveAvgPool3d(2) | r(1, 3, 4, 5, 6) | r(2, 3, 3, 3, 3)
Pooled(nn.MaxPool1d(2, return_indices=True), nn.MaxUnpool1d(2)) | r(2, 3, 8) | r(1, 3, 4)
Pooled(nn.MaxPool2d(2, return_indices=True), nn.MaxUnpool2d(2)) | r(2, 3, 8, 6) | r(1, 3, 4, 4)
Pooled(nn.MaxPool3d(2, return_indices=True), nn.MaxUnpool3d(2)) | r(1, 3, 4, 6, 8) | r(2, 3, 2, 2, 2)
ReflectionPad1d(2) | r(2, 3, 5) | r(1, 3, 7)
ReflectionPad2d((1, 2, 0, 1)) | r(2, 3, 5, 6)
ReflectionPad3d(1) | r(1, 2, 3, 4, 5)
ReplicationPad1d((1, 2)) | r(2, 3, 5)
ReplicationPad2d(2) | r(2, 3, 5, 6)
ReplicationPad3d(1) | r(1, 2, 3, 4, 5)
ZeroPad1d(2) | r(2, 3, 5)
ZeroPad2d((1, -1, 2, 0)) | r(2, 3, 5, 6)
ZeroPad3d(1) | r(1, 2, 3, 4, 5)
ConstantPad1d(2, 1.5) | r(2, 3, 5)
ConstantPad2d((1, -1, 2, 0), -0.5) | r(2, 3, 5, 6)
ConstantPad3d(1, 3) | r(1, 2, 3, 4, 5)
CircularPad1d(2) | r(2, 3, 5)
CircularPad2d((1, 2, 0, 1)) | r(2, 3, 5, 6)
CircularPad3d(1) | r(1, 2, 3, 4, 5)
ELU(0.7) | r(2, 9)
Hardshrink(0.3) | r(2, 9)
Hardsigmoid() | 3 * r(2, 9)
Hardtanh(-0.5, 0.8) | r(2, 9)
Hardswish() | 3 * r(2, 9)
LeakyReLU(0.2) | r(2, 9)
LogSigmoid() | r(2, 9)
PReLU(3) | r(2, 3, 4)
ReLU(inplace=True) | r(2, 9)
ReLU6() | 4 * r(2, 9)
RReLU() | r(2, 9)
SELU() | r(2, 9)
CELU(1.3) | r(2, 9)
GELU() | r(2, 9)
GELU('tanh') | r(2, 9)
Sigmoid() | r(2, 9)
SiLU() | r(2, 9)
Mish() | r(2, 9)
Softplus(2.0, 5.0) | 3 * r(2, 9)
Softshrink(0.4) | r(2, 9)
Softsign() | r(2, 9)
Tanh() | r(2, 9)
Tanhshrink() | r(2, 9)
Threshold(0.1, 20.0) | r(2, 9)
GLU(1) | r(2, 8) | r(3, 4, 2)
Softmin(1) | r(2, 9)
Softmax(-1) | r(2, 9) | r(3, 4, 5)
Softmax() | r(2, 9) | r(3, 4, 5)
Softmax2d() | r(2, 3, 4, 5)
LogSoftmax(1) | r(2, 9)
AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10]) | r(8, 16), i(20, 8) | r(3, 16), i(20, 3)
BatchNorm1d(4) | r(6, 4) | r(2, 4, 5)
warm(nn.BatchNorm1d(4), r(6, 4)) | r(6, 4) | r(2, 4, 5)
warm(nn.BatchNorm2d(4), r(6, 4, 3, 3)) | r(2, 4, 5, 6) | r(1, 4, 2, 2)
warm(nn.BatchNorm3d(4, affine=False), r(2, 4, 3, 3, 3)) | r(2, 4, 3, 4, 5)
BatchNorm2d(4, track_running_stats=False) | r(2, 4, 5, 6)
SyncBatchNorm(4) | r(2, 4, 5, 6)
GroupNorm(2, 6) | r(2, 6, 5) | r(1, 6, 4, 4)
InstanceNorm1d(4) | r(2, 4, 5)
InstanceNorm2d(4, affine=True) | r(2, 4, 5, 6)
InstanceNorm3d(4) | r(2, 4, 3, 4, 5)
warm(nn.InstanceNorm2d(4, track_running_stats=True), r(2, 4, 5, 6)) | r(2, 4, 5, 6)
LayerNorm((5, 6)) | r(2, 5, 6) | r(5, 6)
LayerNorm(6, elementwise_affine=False) | r(2, 5, 6)
LayerNorm(6, bias=False) | r(2, 5, 6)
RMSNorm(6) | r(2, 5, 6)
LocalResponseNorm(3) | r(2, 5, 4, 4) | r(1, 7, 3)
CrossMapLRN2d(3) | r(2, 5, 4, 4)
Called(nn.RNN(4, 6)) | r(5, 2, 4) | r(3, 1, 4)
Called(nn.RNN(4, 6, 2, nonlinearity='relu', bidirectional=True, batch_first=True)) | r(5, 2, 4) | r(3, 1, 4)
Called(nn.LSTM(4, 6)) | r(5, 2, 4) | r(3, 1, 4)
Called(nn.LSTM(4, 6, 2, bidirectional=True, batch_first=True, dropout=0.2)) | r(5, 2, 4)
Called(nn.LSTM(4, 6, proj_size=3)) | r(5, 2, 4)
Called(nn.GRU(4, 6)) | r(5, 2, 4) | r(3, 1, 4)
Called(nn.GRU(4, 6, 2, bias=False, bidirectional=True)) | r(5, 2, 4)
Started(nn.RNN(4, 6)) | r(5, 2, 4), r(1, 2, 6)
Started(nn.GRU(4, 6, 2)) | r(5, 2, 4), r(2, 2, 6)
LongStarted(nn.LSTM(4, 6, 2)) | r(5, 2, 4), r(2, 2, 6), r(2, 2, 6)
RNN(4, 6) | r(5, 4) | r(3, 4)
LSTM(4, 6) | r(5, 4) | r(3, 4)
GRU(4, 6) | r(5, 4) | r(3, 4)
RNNCell(4, 6) | r(2, 4) | r(1, 4)
LSTMCell(4, 6) | r(2, 4) | r(1, 4)
GRUCell(4, 6) | r(2, 4) | r(1, 4)
Started(nn.RNNCell(4, 6)) | r(2, 4), r(2, 6)
LongStarted(nn.LSTMCell(4, 6)) | r(2, 4), r(2, 6), r(2, 6)
Started(nn.GRUCell(4, 6)) | r(2, 4), r(2, 6)
Packed(nn.LSTM(4, 6)) | r(5, 3, 4), torch.tensor([2, 5, 3]) | r(4, 2, 4), torch.tensor([4, 1])
Packed(nn.LSTM(4, 6, 2, bidirectional=True, batch_first=True), True) | r(3, 5, 4), torch.tensor([2, 5, 3])
Packed(nn.GRU(4, 6, batch_first=True), True, True) | r(3, 5, 4), torch.tensor([5, 3, 3]) | r(1, 2, 4), torch.tensor([2])
Packed(nn.GRU(4, 6, 2, bidirectional=True)) | r(5, 3, 4), torch.tensor([2, 5, 3])
Packed(nn.RNN(4, 6)) | r(5, 3, 4), torch.tensor([2, 5, 3])
Embedding(10, 4, padding_idx=2) | i(10, 2, 5) | i(10, 7)
Embedding(10, 4, max_norm=1.0) | i(10, 2, 5)
EmbeddingBag(10, 4) | i(10, 3, 5) | i(10, 1, 2)
EmbeddingBag(10, 4) | i(10, 12), torch.tensor([0, 3, 3, 7])
EmbeddingBag(10, 4, mode='max') | i(10, 3, 5)
EmbeddingBag(10, 4, mode='max') | i(10, 12), torch.tensor([0, 3, 7])
EmbeddingBag(10, 4, mode='sum', include_last_offset=True) | i(10, 12), torch.tensor([0, 3, 7, 12]), r(12)
Dropout(0.5) | r(2, 9)
Dropout1d() | r(2, 3, 4)
Dropout2d() | r(2, 3, 4, 5)
Dropout3d() | r(1, 3, 4, 5, 2)
AlphaDropout() | r(2, 9)
FeatureAlphaDropout() | r(2, 9, 3)
Flatten() | r(2, 3, 4) | r(3, 2, 2, 2)
Unflatten(1, (2, 3)) | r(4, 6) | r(2, 6, 2)
PixelShuffle(2) | r(2, 8, 3, 4) | r(4, 2, 2)
PixelUnshuffle(2) | r(2, 3, 4, 6)
ChannelShuffle(3) | r(2, 6, 4, 5)
Upsample(scale_factor=2) | r(2, 3, 4, 5) | r(1, 2, 6)
Upsample(size=(7, 9), mode='bilinear', align_corners=True) | r(2, 3, 4, 5) | r(1, 3, 8, 8)
Upsample(scale_factor=(1.5, 2.5), mode='bicubic') | r(2, 3, 4, 5) | r(1, 3, 3, 3)
Upsample(scale_factor=2, mode='trilinear') | r(1, 2, 3, 4, 5)
Upsample(scale_factor=3.0, mode='linear', recompute_scale_factor=True) | r(2, 3, 5)
UpsamplingNearest2d(scale_factor=3) | r(2, 3, 4, 5)
UpsamplingBilinear2d((7, 3)) | r(2, 3, 4, 5)
CosineSimilarity(1) | r(3, 5), r(3, 5) | r(2, 4, 3), r(2, 4, 3)
PairwiseDistance(2.0) | r(3, 5), r(3, 5) | r(5), r(5)
Attended(True, batch_first=True) | r(2, 5, 12), r(2, 5, 12), r(2, 5, 12) | r(1, 3, 12), r(1, 7, 12), r(1, 7, 12)
Attended(False) | r(5, 2, 12), r(5, 2, 12), r(5, 2, 12) | r(3, 1, 12), r(7, 1, 12), r(7, 1, 12)
Attended(True, kdim=6, vdim=8, add_bias_kv=True, add_zero_attn=True) | r(5, 2, 12), r(4, 2, 6), r(4, 2, 8)
TransformerEncoderLayer(12, 3, 16) | r(5, 2, 12) | r(3, 1, 12)
TransformerEncoderLayer(12, 3, 16, activation='gelu', batch_first=True, norm_first=True) | r(2, 5, 12) | r(5, 12)
TransformerDecoderLayer(12, 3, 16) | r(5, 2, 12), r(4, 2, 12) | r(3, 1, 12), r(7, 1, 12)
TransformerDecoderLayer(12, 3, 16, batch_first=True, norm_first=True, bias=False) | r(2, 5, 12), r(2, 4, 12)
Transformer(12, 3, 2, 2, 16) | r(5, 2, 12), r(4, 2, 12) | r(3, 1, 12), r(7, 1, 12)
Transformer(12, 3, 1, 1, 16, batch_first=True, norm_first=True) | r(2, 5, 12), r(2, 4, 12)
Encoder(16) | r(2, 5, 16) | r(1, 3, 16)
Masked(12, False) | r(2, 5, 12), torch.tensor([[False] * 5, [False] * 3 + [True] * 2]) | r(1, 3, 12), torch.zeros(1, 3).bool()
Masked(12, True) | r(2, 5, 12), torch.tensor([[False] * 5, [False] * 3 + [True] * 2])
Held() | r(3, 4)
Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Sequential(nn.Linear(5, 2))) | r(3, 4) | r(2, 2, 4)
utils.parametrizations.weight_norm(nn.Linear(4, 5)) | r(3, 4)
utils.weight_norm(nn.Conv1d(4, 5, 3)) | r(2, 4, 6)
utils.spectral_norm(nn.Linear(4, 5)) | r(3, 4)
utils.parametrizations.spectral_norm(nn.Linear(4, 5)) | r(3, 4)
utils.parametrizations.orthogonal(nn.Linear(4, 4)) | r(3, 4)
utils.fusion.fuse_conv_bn_eval(nn.Conv2d(3, 4, 3).eval(), nn.BatchNorm2d(4).eval()) | r(2, 3, 6, 6)
Loss(nn.L1Loss()) | r(3, 5), r(3, 5)
Loss(nn.MSELoss(reduction='none')) | r(3, 5), r(3, 5)
Loss(nn.CrossEntropyLoss(label_smoothing=0.1, weight=torch.rand(5))) | r(3, 5), i(5, 3) | r(2, 5, 4), i(5, 2, 4)
Loss(nn.CrossEntropyLoss(ignore_index=1)) | r(6, 5), i(5, 6) | r(3, 5), r(3, 5).softmax(1)
Loss(nn.NLLLoss()) | r(3, 5).log_softmax(1), i(5, 3) | r(2, 5, 4, 3), i(5, 2, 4, 3)
Loss(nn.PoissonNLLLoss(full=True)) | r(3, 5), r(3, 5).abs() * 4
Loss(nn.KLDivLoss(reduction='batchmean')) | r(3, 5).log_softmax(1), r(3, 5).softmax(1)
Loss(nn.BCELoss()) | r(3, 5).sigmoid(), r(3, 5).sigmoid()
Loss(nn.BCEWithLogitsLoss(pos_weight=torch.rand(5))) | r(3, 5), r(3, 5).sigmoid()
Loss(nn.HingeEmbeddingLoss()) | r(3, 5), r(3, 5).sign()
Loss(nn.MultiLabelMarginLoss()) | r(3, 5), torch.tensor([[1, 2, -1, 0, 0], [0, -1, 1, 1, 1], [4, 3, 2, 1, 0]])
Loss(nn.HuberLoss(delta=0.7)) | r(3, 5), r(3, 5)
Loss(nn.SmoothL1Loss(beta=0.5)) | r(3, 5), r(3, 5)
Loss(nn.SoftMarginLoss()) | r(3, 5), r(3, 5).sign()
Loss(nn.MultiLabelSoftMarginLoss()) | r(3, 5), i(2, 3, 5).float()
Loss(nn.MultiMarginLoss()) | r(3, 5), i(5, 3)
GaussianNLLLoss() | r(3, 5), r(3, 5), r(3, 5).abs()
CosineEmbeddingLoss() | r(3, 5), r(3, 5), r(3).sign()
MarginRankingLoss(0.2) | r(3), r(3), r(3).sign()
TripletMarginLoss() | r(3, 5), r(3, 5), r(3, 5)
TripletMarginWithDistanceLoss() | r(3, 5), r(3, 5), r(3, 5)
CTCLoss() | r(12, 3, 6).log_softmax(2), 1 + i(5, 3, 4), torch.tensor([12, 11, 12]), torch.tensor([4, 2, 3])
"""


def make(text):
    module, *calls = text.split(" | ")
    scope = globals() | vars(nn)
    made = eval(module, scope)
    inputs = [eval(f"({call},)", scope) for call in calls]
    if isinstance(made, nn.modules.lazy.LazyModuleMixin):
        made(*inputs[0])
    return Sample(made, inputs)


def name_of(text):
    """The class, after those that stand around it."""
    words = re.findall(r"\b(?:[A-Z]\w+|\w+_norm|orthogonal|fuse_\w+)(?=\()", text.split(" | ")[0])
    return "_".join(words[:2] if words[0] in WRAPPERS else words[:1])


WRAPPERS = [w.__name__ for w in (Packed, Called, Started, LongStarted, Pooled, Loss)]
SEEN = collections.Counter()
for text in filter(None, MODULES.splitlines()):
    name = name_of(text)
    SEEN[name] += 1
    entry("nn", f"{name}{SEEN[name] if SEEN[name] > 1 else ''}", make, text=text)
