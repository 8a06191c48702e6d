#!/usr/bin/env python3
"""Writes src/ops/catalogue/: every operator schema that PyTorch knows, a line each, overloads in the order its resolution tries them.

    python3 scripts/make_catalogue.py        (needs the torch version that the catalogue should describe)
"""
import pathlib

import torch

NAMESPACES = ["aten", "prim", "quantized", "mkldnn", "mkldnn_prepacked"]
SKIPPED = {  # instructions of PyTorch's optimiser: never in code
    "prim::" + n for n in """AutogradAdd AutogradAllNonZero AutogradAllZero AutogradAnyNonZero AutogradZero BailOut BailoutTemplate BroadcastSizes
    ChunkSizes ConstantChunk ConstantMKLDNNTensor DifferentiableGraph FallbackGraph FusedConcat FusionGroup Guard MMBatchSide MMTreeReduce PythonOp
    ReductionSizes RequiresGradCheck StaticRuntimeCopyOuts StaticSubgraph TensorExprDynamicGroup TensorExprDynamicGuard TensorExprGroup TypeCheck
    oneDNNFusionGroup oneDNNFusionGuard profile profile_ivalue rpc_async rpc_remote rpc_sync IgnoredPythonOp AddStatValue TimePoint""".split()
}

folder = pathlib.Path(__file__).resolve().parent.parent / "src" / "ops" / "catalogue"
folder.mkdir(exist_ok=True)
names = sorted({s.name for s in torch._C._jit_get_all_schemas()})
for namespace in NAMESPACES:
    lines = [
        str(schema)
        for name in names
        if name.split("::")[0] == namespace and name not in SKIPPED
        for schema in torch._C._jit_get_schemas_for_operator(name)
    ]
    (folder / f"{namespace}.txt").write_text("\n".join(lines) + "\n")
    print(f"{namespace}: {len(lines)} schemas")
