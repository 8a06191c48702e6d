"""transformers: one small network of each architecture, traced."""

import copy
import inspect

import torch
from torch import nn

from collection import Sample, entry
from vision_operators import declare

SMALL = {  # names that configurations have in common, and what they become
    "vocab_size": 99,
    "hidden_size": 32,
    "d_model": 32,
    "n_embd": 32,
    "dim": 32,
    "embedding_size": 16,
    "num_hidden_layers": 2,
    "num_layers": 2,
    "n_layer": 2,
    "n_layers": 2,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "num_attention_heads": 4,
    "num_heads": 4,
    "n_head": 4,
    "n_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "intermediate_size": 48,
    "hidden_dim": 48,
    "d_ff": 48,
    "d_kv": 8,
    "ffn_dim": 48,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 64,
    "n_positions": 64,
    "max_source_positions": 64,
    "max_target_positions": 64,
    "image_size": 32,
    "patch_size": 8,
    "num_experts": 4,
    "num_local_experts": 4,
    "num_experts_per_tok": 2,
    "projection_dim": 16,
}
TOKENS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}


def shrink(config, own):
    """Makes a configuration small, its parts too; `own` says what the architecture needs otherwise, None to leave a value alone."""
    for name, value in {**SMALL, **TOKENS, **own}.items():
        if name in own or name in TOKENS and hasattr(config, name) or isinstance(getattr(config, name, None), int):
            if value is not None and not isinstance(value, dict) and not isinstance(getattr(type(config), name, None), property):
                setattr(config, name, value)
    for part in ("text_config", "vision_config", "audio_config", "encoder", "decoder"):
        if part not in own and hasattr(getattr(config, part, None), "to_dict"):
            shrink(getattr(config, part), {})
    config.use_cache = False
    config.return_dict = True
    return config


class Flat(nn.Module):
    """A network that takes its inputs by position and returns all tensors it returns as one tuple."""

    def __init__(self, net, names):
        super().__init__()
        self.net, self.names = net, names

    def forward(self, *inputs):
        return tuple(tensors(self.net(**dict(zip(self.names, inputs)))))


def tensors(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [t for v in value for t in tensors(v)] if isinstance(value, (list, tuple, type({}.values()))) else []


def tokens(count, length, config):
    return torch.randint(3, getattr(config.get_text_config(), "vocab_size", 99), (count, length))


INPUTS = {  # by the name of the argument: one call's batch and length
    "input_ids": lambda config, count, length: tokens(count, length, config),
    "attention_mask": lambda config, count, length: (torch.arange(length) < torch.arange(length, length - count, -1)[:, None]).long(),
    "decoder_input_ids": lambda config, count, length: tokens(count, length - 2, config),
    "pixel_values": lambda config, count, length: images(config, count),
    "input_values": lambda config, count, length: torch.randn(count, 200 * length),
    "inputs": lambda config, count, length: torch.randn(count, length, config.d_model),
    "input_features": lambda config, count, length: torch.randn(count, getattr(config, "num_mel_bins", 80), 128),
}


def images(config, count):
    size = getattr(config, "image_size", None) or getattr(getattr(config, "vision_config", config), "image_size", 64)
    size = (size, size) if isinstance(size, int) else tuple(size)
    return torch.randn(count, getattr(config, "num_channels", 3), *size)


def make(kind, inputs=(), model="AutoModel", attention=None, **own):
    declare()  # some networks of transformers import torchvision
    import transformers

    given = {name: own[name] for name in GIVEN if name in own}
    config = shrink(transformers.AutoConfig.for_model(kind, **given), own)
    if attention:
        config._attn_implementation = attention
    with torch.device("meta"):
        size = sum(p.numel() for p in getattr(transformers, model).from_config(copy.deepcopy(config)).parameters())
    if size > 4e6:
        raise ValueError(f"{kind} is not small: {size / 1e6:.1f} million parameters")
    torch.manual_seed(0)
    if model.startswith("Auto"):
        net = getattr(transformers, model).from_config(config)
    else:
        net = getattr(transformers, model)(config)
    names = inputs or default_inputs(net)
    calls = [tuple(INPUTS[name](config, *shape) for name in names) for shape in ((2, 12), (1, 9))]
    return Sample(Flat(net, names), calls)


def default_inputs(net):
    parameters = inspect.signature(net.forward).parameters
    if "input_ids" in parameters:
        wanted = ("input_ids", "pixel_values", "attention_mask", "decoder_input_ids")
    else:
        wanted = (net.main_input_name, "decoder_input_ids")
    return tuple(name for name in wanted if name in parameters)


# Every architecture of the library that its generic constructor can make small and PyTorch can trace.
NETWORKS = """
    afmoe aimv2 aimv2_vision_model albert altclip apertus arcee aria_text audioflamingo3 bart beit bert bert-generation big_bird
    bigbird_pegasus biogpt bitnet blenderbot blenderbot-small blip camembert chinese_clip chinese_clip_vision_model clip
    clip_text_model clip_vision_model clipseg code_llama cohere cohere2 convbert cpmant ctrl cwm data2vec-text data2vec-vision
    deberta deberta-v2 deit diffllama dinov2 dinov2_with_registers dinov3_vit distilbert doge dpr dpt electra ernie ernie4_5
    ernie4_5_moe eurobert exaone4 exaone_moe falcon_mamba flaubert flex_olmo fnet fsmt fuyu gemma gemma2 gemma3_text glm glm4
    glm4_moe glmasr glmasr_encoder glpn gpt-sw3 gpt2 gpt_bigcode gpt_neo gpt_neox gpt_neox_japanese gpt_oss granite granitemoe
    granitemoeshared groupvit helium higgs_audio_v2 ibert ijepa imagegpt internvl_vision jais2 jamba jetmoe kosmos-2.5
    lasr_encoder layoutlm led lfm2 llama llama4_text longformer longt5 m2m_100 mamba marian markuplm mbart megatron-bert
    metaclip_2 mgp-str minimax minimax_m2 ministral3 mistral mixtral mlcd mobilebert mobilenet_v1 mobilenet_v2 modernbert
    modernbert-decoder moshi mpnet mpt mra mt5 mvp nanochat nllb-moe nystromformer olmo olmo2 olmo3 olmo_hybrid olmoe openai-gpt
    opt owlv2 owlvit pegasus pegasus_x persimmon phi phi3 phimoe pixio pixtral plbart pvt_v2 qwen2 qwen2_audio_encoder qwen2_moe
    qwen3 qwen3_5_moe_text qwen3_5_text qwen3_moe qwen3_next qwen3_vl_moe_text qwen3_vl_text rembert roberta roberta-prelayernorm
    roformer rwkv sam3_vit_model sam_hq_vision_model sam_vision_model seed_oss segformer sew siglip_vision_model smollm3
    solar_open splinter stablelm starcoder2 swiftformer switch_transformers t5 tapas umt5 vaultgemma video_llava vilt visual_bert
    vit vit_mae vit_msn vitdet voxtral voxtral_encoder voxtral_realtime_encoder whisper xglm xlm xlm-roberta xlm-roberta-xl yolos
"""

SPEECH = {"conv_dim": (16,) * 7, "num_conv_pos_embeddings": 16, "num_conv_pos_embedding_groups": 4, "output_hidden_size": 32}
STAGES = {"hidden_sizes": [8, 16], "depths": [1, 1]}
RESNET = {"model_type": "resnet", "embedding_size": 8, "hidden_sizes": [8, 8, 16, 16], "depths": [1, 1, 1, 1], "out_features": ["stage4"]}
DETR = {"backbone_config": RESNET, "use_timm_backbone": False, "backbone": None, "num_queries": 5}
SWIN = {"embed_dim": 16, "depths": [1, 1], "num_heads": [2, 4], "window_size": 4, "patch_size": 4, "hidden_size": 32, "num_layers": 2}
MIXED = {"n_routed_experts": 4, "n_group": 2, "topk_group": 1, "moe_intermediate_size": 16, "first_k_dense_replace": 1}
LATENT = {"qk_head_dim": 16, "head_dim": 8, "qk_rope_head_dim": 8, "qk_nope_head_dim": 8, "v_head_dim": 8, "kv_lora_rank": 16, "q_lora_rank": 16}
GIVEN = ("backbone_config", "depths", "hidden_sizes", "backbone", "use_timm_backbone")  # what a configuration checks when it is made
PARTICULAR = {  # architectures that need more than the common numbers
    **dict.fromkeys("wav2vec2 wav2vec2-conformer hubert wavlm unispeech unispeech-sat data2vec-audio".split(), SPEECH),
    **dict.fromkeys("swin swinv2 donut-swin".split(), SWIN),
    **dict.fromkeys("detr conditional_detr table-transformer".split(), DETR),
    "deformable_detr": {**DETR, "backbone_config": {**RESNET, "out_features": ["stage2", "stage3", "stage4"]}},
    "speech_to_text": {"conv_channels": 32, "num_mel_bins": 80, "input_feat_per_channel": 128},
    "convnext": {**STAGES, "num_stages": 2},
    "convnextv2": {**STAGES, "num_stages": 2},
    "resnet": STAGES,
    "regnet": {**STAGES, "groups_width": 4},
    "focalnet": {**STAGES, "embed_dim": 16, "focal_levels": [2, 2], "focal_windows": [3, 3]},
    "poolformer": {"hidden_sizes": [8, 8, 16, 16], "depths": [1, 1, 1, 1]},
    "pvt": {"hidden_sizes": [8, 16, 16, 32], "depths": [1, 1, 1, 1], "num_attention_heads": [1, 2, 2, 4]},
    "mobilevit": {"hidden_sizes": [16, 24, 32], "neck_hidden_sizes": [8, 8, 16, 16, 24, 32, 48]},
    "mobilevitv2": {"width_multiplier": 0.25, "image_size": 64, "patch_size": 2},
    "xlnet": {"d_inner": 48, "max_position_embeddings": None},
    "prophetnet": {"num_encoder_layers": 2, "num_decoder_layers": 2, "num_encoder_attention_heads": 4, "num_decoder_attention_heads": 4,
                   "num_hidden_layers": None},
    "funnel": {"block_sizes": [1, 1], "num_decoder_layers": 1, "num_hidden_layers": None, "d_head": 8, "d_inner": 48,
               "architectures": ["FunnelModel"]},
    "perceiver": {"num_latents": 6, "d_latents": 16, "d_model": 24, "num_cross_attention_heads": 2, "num_self_attention_heads": 2,
                  "num_blocks": 1, "num_self_attends_per_block": 1, "qk_channels": 16, "v_channels": 16, "inputs": ("inputs",)},
    "codegen": {"rotary_dim": 4},
    "gptj": {"rotary_dim": 4},
    "squeezebert": {"embedding_size": 32},
    "canine": {},
    "esm": {"pad_token_id": 0, "mask_token_id": 3, "vocab_size": 99},
    "lilt": {"hidden_size": 48, "channel_shrink_ratio": 4},
    "luke": {"entity_vocab_size": 20, "entity_emb_size": 16},
    "roc_bert": {"pronunciation_vocab_size": 20, "shape_vocab_size": 30},
    "mamba2": {"head_dim": 8, "num_heads": 8, "state_size": 8, "n_groups": 2, "chunk_size": 4},
    "deepseek_v3": {"num_key_value_heads": 4, **LATENT, **MIXED},
    "xmod": {"default_language": "en_XX"},
}  # fmt: skip

for name in NETWORKS.split():
    entry("transformers", name, make, ("traced",), ("transformers", "torchvision"), kind=name)
for name, own in PARTICULAR.items():
    entry("transformers", name, make, ("traced",), ("transformers", "torchvision"), kind=name, **own)
