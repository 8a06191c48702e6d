"""Device, dtype, layout, memory format and generator values."""

from typing import List, Optional

import torch
from torch import Tensor

from program import program


@program((torch.ones(2),))
def device_of_tensor(x: Tensor):
    d = x.device
    return d, d.type, str(d), d == torch.device("cpu"), d != torch.device("cuda:1"), torch.device("cuda", 1).index


@program((torch.ones(2),), (torch.ones(2, dtype=torch.int32),))
def dtype_decides(x: Tensor) -> Tensor:
    if x.dtype == torch.float32:
        return x * 2
    return x.to(torch.float64)


@program((torch.ones(2, dtype=torch.float16),))
def dtype_as_value(x: Tensor):
    d = x.dtype
    return torch.zeros([2], dtype=d), torch.tensor([1, 2], dtype=d), x.to(dtype=torch.int8).dtype == torch.int8


@program((torch.zeros(1, 2, 3, 4),))
def memory_formats(x: Tensor):
    y = x.contiguous(memory_format=torch.channels_last)
    return y.stride(), y.is_contiguous(), y.is_contiguous(memory_format=torch.channels_last), y.contiguous().stride()


@program((torch.ones(2),))
def facts_of_a_tensor(x: Tensor):
    return (
        x.is_cuda,
        x.is_sparse,
        x.is_quantized,
        x.is_floating_point(),
        x.is_complex(),
        x.dim(),
        x.ndim,
        x.numel(),
        x.shape,
        x.layout == torch.strided,
        x.element_size(),
    )


@program((5,))
def generators(seed: int):
    g = torch.Generator()
    g.manual_seed(seed)
    a = torch.rand([3], generator=g)
    b = torch.randn([2], generator=g)
    g.manual_seed(seed)
    return a, b, torch.rand([3], generator=g)


@program((3,), (4,))
def global_seed(seed: int):
    torch.manual_seed(seed)
    return torch.rand([2]), torch.randint(0, 10, [3]), torch.randperm(4)


@program((None,), (torch.float64,))
def optional_dtype(d: Optional[torch.dtype]) -> Tensor:
    return torch.zeros([2], dtype=d)


@program(([2, 3],))
def sizes_are_lists(sizes: List[int]):
    x = torch.zeros(sizes)
    return x.size(), x.shape[0], x.size()[1:], list(x.shape), len(x.shape), x.shape == sizes
