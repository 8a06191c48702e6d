"""timm: the smallest network of each family, with fewer layers where that makes it small."""

import torch
from torch import nn

from collection import Sample, entry
from registry import settle
from vision import pictures
from vision_operators import declare

VIT = {"embed_dim": 64, "depth": 2, "num_heads": 4}
NETWORKS = {  # architecture: picture size, options
    "beit_base_patch16_224": (64, {"img_size": 64, **VIT}),
    "beitv2_base_patch16_224": (64, {"img_size": 64, **VIT}),
    "halonet26t": (256, {}),
    "eca_botnext26ts_256": (64, {"img_size": 64}),
    "lambda_resnet26t": (64, {"img_size": 64}),
    "test_byobnet": (64, {}),
    "mobileone_s1": (64, {}),
    "repvgg_a0": (64, {}),
    "gernet_s": (64, {}),
    "cait_xxs24_224": (64, {"img_size": 64, "depth": 2}),
    "coat_tiny": (64, {"img_size": 64, "serial_depths": (1, 1, 1, 1), "parallel_depth": 1}),
    "coat_lite_tiny": (64, {"img_size": 64, "serial_depths": (1, 1, 1, 1)}),
    "convit_tiny": (64, {"img_size": 64, "depth": 11}),
    "convmixer_768_32": (64, {"settled": False}),
    "test_convnext": (64, {}),
    "test_convnext2": (64, {}),
    "test_convnext3": (64, {}),
    "cpubone_nano": (64, {}),
    "crossvit_tiny_240": (240, {}),
    "csatv2": (128, {}),
    "cs3darknet_focus_s": (64, {}),
    "cspresnet50": (64, {}),
    "cspnext_tiny": (64, {}),
    "davit_tiny": (64, {"depths": (1, 1, 1, 1), "embed_dims": (32, 64, 64, 96), "num_heads": (1, 2, 2, 3)}),
    "deit_tiny_distilled_patch16_224": (64, {"img_size": 64, "depth": 2}),
    "deit3_small_patch16_224": (64, {"img_size": 64, **VIT}),
    "densenet121": (64, {}),
    "densenetblur121d": (64, {}),
    "dla46x_c": (64, {}),
    "dla60_res2net": (64, {}),
    "dpn48b": (64, {}),
    "edgenext_xx_small": (64, {}),
    "efficientformer_l1": (224, {}),
    "efficientformerv2_s0": (224, {}),
    "test_efficientnet": (64, {}),
    "test_efficientnet_gn": (64, {}),
    "efficientnet_lite0": (64, {}),
    "tf_efficientnet_b0": (64, {}),
    "tf_efficientnetv2_b0": (64, {}),
    "mixnet_s": (64, {}),
    "tinynet_e": (64, {}),
    "fbnetc_100": (64, {}),
    "spnasnet_100": (64, {}),
    "semnasnet_075": (64, {}),
    "mobilenetv2_035": (64, {}),
    "efficientvim_m1": (64, {}),
    "efficientvit_b0": (64, {}),
    "efficientvit_m0": (64, {"img_size": 64}),
    "vit_tiny_patch16_dinov3_qkvb": (64, {"img_size": 64, "depth": 2}),
    "eva02_tiny_patch14_224": (56, {"img_size": 56, "depth": 2}),
    "fasternet_t0": (64, {}),
    "fastvit_t8": (64, {}),
    "fastvit_sa12": (64, {}),
    "focalnet_tiny_srf": (64, {}),
    "gcvit_xxtiny": (64, {"img_size": 64}),
    "ghostnet_050": (64, {}),
    "ghostnetv2_100": (64, {}),
    "ghostnetv3_050": (64, {}),
    "hardcorenas_b": (64, {}),
    "hgnetv2_b0": (64, {}),
    "hgnet_tiny": (64, {}),
    "hiera_tiny_224": (224, {"embed_dim": 32, "stages": (1, 1, 1, 1)}),
    "sam2_hiera_tiny": (224, {}),
    "hrnet_w18_small": (64, {}),
    "iformer_t": (64, {}),
    "inception_next_atto": (64, {}),
    "inception_resnet_v2": (128, {}),
    "inception_v3": (96, {}),
    "inception_v4": (128, {}),
    "lcnetv2_small": (64, {}),
    "levit_128s": (224, {"precise": True}),
    "levit_conv_128s": (224, {"precise": True}),
    "lowformer_b0": (64, {}),
    "test_mambaout": (64, {}),
    "test_coatnet": (160, {}),
    "test_maxvit": (160, {}),
    "poolformerv2_s12": (64, {}),
    "caformer_s18": (64, {}),
    "convformer_s18": (64, {}),
    "gmlp_ti16_224": (64, {"img_size": 64}),
    "mixer_s32_224": (64, {"img_size": 64}),
    "resmlp_12_224": (64, {"img_size": 64}),
    "mobilenetv3_small_050": (64, {}),
    "lcnet_035": (64, {}),
    "mobilenetv4_conv_small_035": (64, {}),
    "mobilenetv4_hybrid_medium_075": (64, {}),
    "mobilevit_xxs": (64, {}),
    "mobilevitv2_050": (64, {}),
    "mvitv2_tiny": (64, {"img_size": 64}),
    "naflexvit_base_patch16_gap": (64, VIT),
    "nest_tiny": (224, {}),
    "nextvit_small": (64, {}),
    "test_nfnet": (64, {}),
    "nf_regnet_b0": (64, {}),
    "nf_resnet26": (64, {}),
    "eca_nfnet_l0": (64, {}),
    "pit_ti_224": (224, {}),
    "pit_ti_distilled_224": (224, {}),
    "nasnetalarge": (96, {}),
    "pnasnet5large": (96, {}),
    "pvt_v2_b0": (64, {}),
    "rdnet_tiny": (64, {}),
    "regnetx_002": (64, {}),
    "regnetv_040": (64, {}),
    "repghostnet_050": (64, {}),
    "repvit_m1": (64, {}),
    "res2next50": (64, {}),
    "resnest14d": (64, {}),
    "test_resnet": (64, {}),
    "resnet10t": (64, {}),
    "seresnext26t_32x4d": (64, {}),
    "ecaresnet26t": (64, {}),
    "resnetblur18": (64, {}),
    "resnetaa34d": (64, {"layers": (1, 1, 1, 1)}),
    "resnetrs50": (64, {"layers": (1, 1, 1, 1)}),
    "resnetv2_18": (64, {}),
    "resnetv2_50x1_bit": (64, {}),
    "rexnet_100": (64, {}),
    "selecsls42": (64, {}),
    "legacy_seresnet18": (64, {}),
    "legacy_seresnext26_32x4d": (64, {}),
    "sequencer2d_s": (56, {"img_size": 56, "layers": (1, 1, 1, 1), "embed_dims": (24, 48, 48, 48), "hidden_sizes": (12, 24, 24, 24)}),
    "shvit_s1": (64, {}),
    "skresnet18": (64, {}),
    "starnet_s050": (64, {}),
    "swiftformer_xs": (224, {}),
    "swin_tiny_patch4_window7_224": (224, {"embed_dim": 24, "depths": (2, 2, 1, 1)}),
    "swin_s3_tiny_224": (224, {"embed_dim": 24, "depths": (2, 2, 1, 1)}),
    "swinv2_tiny_window8_256": (128, {"img_size": 128, "embed_dim": 24, "depths": (2, 2, 1, 1)}),
    "swinv2_cr_tiny_224": (128, {"img_size": 128, "embed_dim": 24, "depths": (2, 2, 1, 1)}),
    "tiny_vit_5m_224": (224, {"depths": (1, 1, 2, 1)}),
    "tnt_s_patch16_224": (64, {"img_size": 64, "depth": 2}),
    "tresnet_m": (64, {"layers": (1, 1, 1, 1)}),
    "twins_svt_small": (64, {"img_size": 64, "depths": (1, 1, 2, 2)}),
    "twins_pcpvt_small": (64, {"img_size": 64, "depths": (1, 1, 2, 1)}),
    "visformer_tiny": (224, {}),
    "test_vit": (64, {"img_size": 64}),
    "test_vit2": (64, {"img_size": 64}),
    "test_vit3": (64, {"img_size": 64}),
    "test_vit4": (64, {"img_size": 64}),
    "vit_tiny_r_s16_p8_224": (64, {"img_size": 64, "depth": 2}),
    "test_vit_relpos": (64, {"img_size": 64}),
    "samvit_base_patch16_224": (64, {"img_size": 64, "global_attn_indexes": (1,), **VIT}),
    "vitamin_small_224": (64, {"img_size": 64, "depth": 2}),
    "volo_d1_224": (64, {"img_size": 64}),
    "ese_vovnet19b_slim_dw": (64, {}),
    "legacy_xception": (96, {}),
    "xception41p": (96, {}),
    "xcit_nano_12_p8_224": (64, {"img_size": 64, "depth": 2}),
    "deepseek_vit_412m": (56, {"img_size": 56, **VIT}),
    "gemma4_vit_167m": (64, {"img_size": 64, **VIT}),
    "qwen3_vit_88m": (64, {"img_size": 64, **VIT}),
    "mobilenetv5_base": (64, {}),
}


LARGE = (
    "caformer_s18 convformer_s18 mixer_s32_224 resmlp_12_224 mvitv2_tiny nest_tiny nextvit_small resnetv2_50x1_bit volo_d1_224 eca_nfnet_l0 gcvit_xxtiny "
    "inception_resnet_v2 inception_v3 inception_v4 nasnetalarge pnasnet5large cspresnet50 dla60_res2net hgnet_tiny res2next50 rdnet_tiny selecsls42 "
    "regnetv_040 focalnet_tiny_srf convmixer_768_32 mobilenetv5_base mobilenetv4_hybrid_medium_075 legacy_xception xception41p sam2_hiera_tiny legacy_seresnext26_32x4d"
).split()


def make(architecture, size, settled=True, precise=False, **options):
    """`settled` as registry.settle does it; `precise` in double precision, for networks that make rounding large."""
    declare()
    import timm

    torch.manual_seed(1)
    net = timm.create_model(architecture, num_classes=20, **options)
    for m in net.modules():
        if isinstance(m, nn.Linear) and not m.weight.any():  # a head that starts at zero gives every picture the same answer
            nn.init.normal_(m.weight, 0, 0.02)
    torch.manual_seed(2)
    if settled:
        settle(net, pictures(4, size))
    dtype = torch.float64 if precise else torch.float32
    return Sample(net.to(dtype), [(pictures(count, size).to(dtype),) for count in (1, 2)])


for name, (size, options) in NETWORKS.items():
    entry("timm", name, make, packages=("timm", "torchvision"), large=name in LARGE, architecture=name, size=size, **options)
