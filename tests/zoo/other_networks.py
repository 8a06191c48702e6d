"""kornia, segmentation_models_pytorch and torchaudio."""

import functools
import pathlib
import unittest.mock

import torch
from torch import nn

from collection import Sample, entry
from registry import quiet, settle
from vision import pictures
from vision_operators import declare


def segmenter(architecture, encoder="resnet18", sizes=(64, 96)):
    declare()
    with quiet():
        import segmentation_models_pytorch as smp

    torch.manual_seed(1)
    net = smp.create_model(architecture, encoder_name=encoder, encoder_weights=None, classes=3)
    torch.manual_seed(2)
    settle(net, pictures(2, sizes[0]))
    return Sample(net, [(pictures(1, sizes[0]),), (pictures(2, sizes[1]),)])


@functools.cache
def torchaudio():
    """torchaudio from PyPI has a C++ library for a PyTorch of another build: it is imported as if it had none."""
    with unittest.mock.patch.object(pathlib.Path, "glob", lambda self, pattern: []), quiet():
        import torchaudio.models
        import torchaudio.transforms
    return torchaudio


def audio(text, inputs):
    module = torchaudio()
    torch.manual_seed(1)
    scope = {"torchaudio": module, "torch": torch, "Layer": Layer, **vars(module.transforms), **vars(module.models)}
    made = eval(text, scope)
    return Sample(made, [tuple(eval(call, {"torch": torch, "noise": noise, "lengths": lengths})) for call in inputs])


def noise(*sizes):
    return torch.randn(sizes).clamp(-2.5, 2.5) / 3


def lengths(*numbers):
    return torch.tensor(numbers)


class Layer(nn.Module):
    """A function of tensors as a network."""

    def __init__(self, function, **options):
        super().__init__()
        self.function, self.options = function, options

    def forward(self, *inputs):
        return self.function(*inputs, **self.options)


def kornia_layer(text, sizes):
    declare()
    with quiet():
        import kornia

    torch.manual_seed(1)
    made = eval(text, {"kornia": kornia, "Layer": Layer, "torch": torch})
    return Sample(made, [(torch.rand(size),) for size in sizes])


for name, options in {
    "Unet": {},
    "UnetPlusPlus": {},
    "MAnet": {},
    "Linknet": {},
    "FPN": {},
    "PSPNet": {},
    "DeepLabV3": {},
    "DeepLabV3Plus": {},
    "PAN": {"sizes": (128, 256)},
    "UPerNet": {},
    "Segformer": {},
}.items():
    entry("segmentation_models", name, segmenter, packages=("segmentation-models-pytorch", "timm", "torchvision"), architecture=name, **options)
for encoder in ("mobilenet_v2", "timm-mobilenetv3_small_minimal_100", "mobileone_s0", "mit_b0", "efficientnet-b0"):
    entry("segmentation_models", f"Unet_{encoder}", segmenter, packages=("segmentation-models-pytorch", "timm", "torchvision"), architecture="Unet", encoder=encoder)

PICTURES = ((1, 3, 16, 20), (2, 3, 24, 24))
for name, (text, sizes) in {
    "gaussian_blur": ("kornia.filters.GaussianBlur2d((5, 5), (1.5, 1.5))", PICTURES),
    "box_blur": ("kornia.filters.BoxBlur((3, 3))", PICTURES),
    "median_blur": ("kornia.filters.MedianBlur((3, 3))", PICTURES),
    "bilateral_blur": ("kornia.filters.BilateralBlur((3, 3), 0.1, (1.5, 1.5))", PICTURES),
    "sobel": ("kornia.filters.Sobel()", PICTURES),
    "laplacian": ("kornia.filters.Laplacian(3)", PICTURES),
    "spatial_gradient": ("kornia.filters.SpatialGradient()", PICTURES),
    "canny": ("kornia.filters.Canny()", PICTURES),
    "unsharp_mask": ("kornia.filters.UnsharpMask((3, 3), (1.5, 1.5))", PICTURES),
    "rgb_to_hsv": ("kornia.color.RgbToHsv()", PICTURES),
    "hsv_to_rgb": ("kornia.color.HsvToRgb()", PICTURES),
    "rgb_to_lab": ("kornia.color.RgbToLab()", PICTURES),
    "lab_to_rgb": ("kornia.color.LabToRgb()", PICTURES),
    "rgb_to_yuv": ("kornia.color.RgbToYuv()", PICTURES),
    "rgb_to_luv": ("kornia.color.RgbToLuv()", PICTURES),
    "rgb_to_xyz": ("kornia.color.RgbToXyz()", PICTURES),
    "rgb_to_grayscale": ("kornia.color.RgbToGrayscale()", PICTURES),
    "ycbcr_to_rgb": ("kornia.color.YcbcrToRgb()", PICTURES),
    "dilation": ("Layer(kornia.morphology.dilation, kernel=torch.ones(3, 3))", PICTURES),
    "opening": ("Layer(kornia.morphology.opening, kernel=torch.ones(3, 3))", PICTURES),
    "rotate": ("kornia.geometry.Rotate(torch.tensor(30.0))", ((1, 3, 16, 20),)),
    "resize": ("kornia.geometry.Resize((9, 11))", PICTURES),
    "pyramid_down": ("kornia.geometry.PyrDown()", PICTURES),
    "pyramid_up": ("kornia.geometry.PyrUp()", PICTURES),
    "horizontal_flip": ("kornia.geometry.Hflip()", PICTURES),
    "harris": ("kornia.feature.CornerHarris(0.04)", ((1, 1, 16, 20), (2, 1, 24, 24))),
    "shi_tomasi": ("kornia.feature.CornerGFTT()", ((1, 1, 16, 20), (2, 1, 24, 24))),
    "hessian": ("kornia.feature.BlobHessian()", ((1, 1, 16, 20), (2, 1, 24, 24))),
    "sift": ("kornia.feature.SIFTDescriptor(32)", ((3, 1, 32, 32), (1, 1, 32, 32))),
    "hardnet": ("kornia.feature.HardNet(False)", ((3, 1, 32, 32), (1, 1, 32, 32))),
    "sosnet": ("kornia.feature.SOSNet(False)", ((3, 1, 32, 32), (1, 1, 32, 32))),
    "hynet": ("kornia.feature.HyNet(False)", ((3, 1, 32, 32), (1, 1, 32, 32))),
    "tfeat": ("kornia.feature.TFeat(False)", ((3, 1, 32, 32), (1, 1, 32, 32))),
    "defmo": ("kornia.feature.DeFMO(False)", ((1, 6, 64, 64),)),
    "equalize": ("Layer(kornia.enhance.equalize)", ((1, 3, 16, 20),)),
    "equalize_clahe": ("Layer(kornia.enhance.equalize_clahe, clip_limit=2.0, grid_size=(4, 4))", ((1, 1, 32, 32),)),
    "adjust_hue": ("kornia.enhance.AdjustHue(0.3)", PICTURES),
    "adjust_saturation": ("kornia.enhance.AdjustSaturation(1.5)", PICTURES),
    "adjust_contrast": ("kornia.enhance.AdjustContrast(0.7)", PICTURES),
    "zca": ("Layer(kornia.enhance.zca_mean)", ((12, 4),)),
    "ssim": ("Layer(lambda x: kornia.metrics.ssim(x, x.flip(-1), 5))", PICTURES),
    "total_variation": ("kornia.losses.TotalVariation()", PICTURES),
    "lovasz": ("Layer(lambda x: kornia.losses.lovasz_softmax_loss(x, x.argmax(1)))", PICTURES),
}.items():
    entry("kornia", name, kornia_layer, packages=("kornia",), text=text, sizes=sizes)

WAVES = ("[noise(1, 4000)]", "[noise(2, 3, 2500)]")
FEATURES = ("[noise(2, 30, 40), lengths(30, 21)]", "[noise(1, 17, 40), lengths(17)]")
for name, (text, inputs) in {
    "spectrogram": ("Spectrogram(256)", WAVES),
    "spectrogram_complex": ("Spectrogram(200, power=None, normalized=True)", WAVES),
    "inverse_spectrogram": ("InverseSpectrogram(200)", ("[torch.stft(noise(2, 2000), 200, window=torch.hann_window(200), return_complex=True)]",)),
    "griffin_lim": ("GriffinLim(200, n_iter=4, rand_init=False)", ("[noise(1, 101, 20).abs()]",)),
    "mel_spectrogram": ("MelSpectrogram(16000, 400, n_mels=40)", WAVES),
    "mfcc": ("MFCC(16000, 13, melkwargs={'n_fft': 400, 'n_mels': 40})", WAVES),
    "lfcc": ("LFCC(16000, n_lfcc=13, speckwargs={'n_fft': 400})", WAVES),
    "amplitude_to_db": ("AmplitudeToDB(top_db=60.0)", ("[noise(2, 20, 30).abs()]", "[noise(1, 2, 10, 5).abs()]")),
    "resample": ("Resample(16000, 8000)", WAVES),
    "resample_kaiser": ("Resample(8000, 11025, resampling_method='sinc_interp_kaiser')", WAVES),
    "mu_law": ("torch.nn.Sequential(MuLawEncoding(64), MuLawDecoding(64))", WAVES),
    "compute_deltas": ("ComputeDeltas(5)", ("[noise(2, 20, 30)]", "[noise(1, 2, 10, 15)]")),
    "time_stretch": ("TimeStretch(n_freq=101, fixed_rate=1.2)", ("[torch.complex(noise(1, 101, 20), noise(1, 101, 20))]",)),
    "frequency_masking": ("FrequencyMasking(8)", ("[noise(2, 20, 30)]",)),
    "time_masking": ("TimeMasking(8)", ("[noise(2, 20, 30)]",)),
    "fade": ("Fade(100, 200, 'logarithmic')", WAVES),
    "volume": ("Vol(0.5)", WAVES),
    "spectral_centroid": ("SpectralCentroid(16000)", WAVES),
    "sliding_window_cmn": ("SlidingWindowCmn(20)", ("[noise(2, 40, 30)]",)),
    "preemphasis": ("Preemphasis()", WAVES),
    "deemphasis": ("Deemphasis()", ("[noise(1, 300)]", "[noise(2, 3, 200)]")),  # a trace holds its loop over the samples
    "convolve": ("Convolve()", ("[noise(2, 40), noise(2, 9)]", "[noise(1, 10), noise(1, 30)]")),
    "fft_convolve": ("FFTConvolve('same')", ("[noise(2, 40), noise(2, 9)]", "[noise(1, 10), noise(1, 30)]")),
    "speed": ("Speed(16000, 1.1)", ("[noise(1, 2000)]",)),
    "add_noise": ("AddNoise()", ("[noise(2, 400), noise(2, 400), torch.tensor([3.0, 10.0])]",)),
    "vad": ("Vad(16000)", ("[noise(1, 8000)]",)),
    "psd": ("PSD()", ("[torch.complex(noise(3, 9, 20), noise(3, 9, 20)), noise(9, 20).abs()]",)),
    "souden_mvdr": ("SoudenMVDR()", ("[torch.complex(noise(3, 9, 20), noise(3, 9, 20)), torch.eye(3, dtype=torch.complex64).expand(9, 3, 3), 2 * torch.eye(3, dtype=torch.complex64).expand(9, 3, 3), 0]",)),
    "wav2vec2": ("wav2vec2_model('group_norm', [(16, 10, 5), (16, 3, 2), (16, 2, 2)], False, 24, 0.0, 8, 4, 2, 4, 0.0, 48, 0.0, 0.0, False, 0.0, 12)", ("[noise(2, 2000), lengths(2000, 1500)]", "[noise(1, 1000), lengths(1000)]")),
    "conformer": ("Conformer(40, 4, 64, 2, 7)", FEATURES),
    "emformer": ("Emformer(40, 4, 64, 2, 8, left_context_length=4, right_context_length=2)", ("[noise(2, 34, 40), lengths(32, 24)]", "[noise(1, 18, 40), lengths(16)]")),
    "conv_tasnet": ("ConvTasNet(2, 16, 32, 16, 3, 16, 3, 2)", ("[noise(1, 1, 1000)]", "[noise(2, 1, 700)]")),
    "deepspeech": ("DeepSpeech(40, 32, 12)", ("[noise(2, 1, 20, 40)]", "[noise(1, 1, 9, 40)]")),
    "wav2letter": ("Wav2Letter(12, 'mfcc', 13)", ("[noise(1, 13, 60)]", "[noise(2, 13, 40)]")),
    "wavernn": ("WaveRNN([2, 2, 2], 16, 8, 2, 16, 16, 5, 8, 16, 16)", ("[noise(1, 1, 48), noise(1, 1, 8, 10)[..., :10]]",)),
    "hdemucs": ("HDemucs(['a', 'b'], 2, nfft=512, channels=4, depth=3)", ("[noise(1, 2, 4096)]",)),
    "rnnt": (
        "emformer_rnnt_model(input_dim=40, encoding_dim=16, num_symbols=11, segment_length=16, right_context_length=4, time_reduction_input_dim=16, "
        "time_reduction_stride=4, transformer_num_heads=4, transformer_ffn_dim=64, transformer_num_layers=1, transformer_dropout=0.0, "
        "transformer_activation='gelu', transformer_left_context_length=8, transformer_max_memory_size=0, "
        "transformer_weight_init_scale_strategy='depthwise', transformer_tanh_on_mem=True, symbol_embedding_dim=16, num_lstm_layers=1, "
        "lstm_layer_norm=True, lstm_layer_norm_epsilon=1e-3, lstm_dropout=0.0)",
        ("[noise(2, 36, 40), lengths(32, 24), torch.randint(0, 10, (2, 5), dtype=torch.int32), lengths(5, 3).int()]",),
    ),
    "squim_objective": ("squim_objective_base()", ("[noise(1, 4000)]",)),
}.items():
    entry("torchaudio", name, audio, packages=("torchaudio",), text=text, inputs=inputs)
# A trace holds a loop over the samples, of which there must be more than a thousand: PyTorch needs minutes to save and load it.
entry("torchaudio", "loudness", audio, ("scripted",), ("torchaudio",), text="Loudness(16000)", inputs=("[noise(2, 16000)]",))
