"""Optional, Union, Any: refinement by is None, isinstance and assertion."""

from typing import Any, Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor

from program import program


@program((None,), (5,))
def refined_by_return(x: Optional[int]) -> int:
    if x is None:
        return 0
    return x * 2


@program((None, 1.5), (2.0, 1.5))
def refined_in_expression(x: Optional[float], y: float) -> float:
    return y if x is None else x + y


@program((None, None), (1, None), (None, 2), (1, 2))
def two_optionals(a: Optional[int], b: Optional[int]) -> int:
    if a is not None and b is not None:
        return a + b
    elif a is not None:
        return a
    elif b is not None:
        return -b
    return 0


@program((torch.ones(2), None), (torch.ones(2), torch.ones(2)))
def optional_tensor(x: Tensor, bias: Optional[Tensor] = None) -> Tensor:
    if bias is not None:
        x = x + bias
    return x


@program(([1, None, 3],))
def list_of_optional(xs: List[Optional[int]]) -> int:
    total = 0
    for x in xs:
        if x is not None:
            total += x
    return total


@program((None,), (7,))
def assertion_refines(x: Optional[int]) -> int:
    assert x is not None
    return x + 1


@program((3,), (2.5,), ("s",))
def union_by_isinstance(x: Union[int, float, str]) -> str:
    if isinstance(x, int):
        return "int " + str(x + 1)
    elif isinstance(x, float):
        return "float " + str(x * 2)
    else:
        return "str " + x


@program((3,), ([1, 2],))
def union_of_int_and_list(x: Union[int, List[int]]) -> List[int]:
    if isinstance(x, int):
        return [x]
    return x


@program((1,), ("a",), (2.5,), ([1],), ({"k": 1},), ((1, "b"),), (None,), (True,))
def any_value(x: Any) -> str:
    if isinstance(x, bool):
        return "bool"
    if isinstance(x, int):
        return "int"
    if isinstance(x, str):
        return "str " + x
    if isinstance(x, float):
        return "float"
    if isinstance(x, List[int]):
        return "list"
    if x is None:
        return "none"
    return "other"


@program((torch.ones(1),), (4,))
def isinstance_of_several(x: Union[Tensor, int]) -> bool:
    return isinstance(x, (int, float))


@program((2,))
def optional_attribute_of_local(n: int) -> Optional[str]:
    found: Optional[str] = None
    for i in range(n):
        if i == 1:
            found = "one"
    return found


@program(("a",), ("z",))
def optional_from_dict(key: str) -> int:
    d: Dict[str, Optional[int]] = {"a": 1, "b": None}
    if key in d:
        v = d[key]
        return -1 if v is None else v
    return -2


@program((1,), (None,))
def unwrapped_in_while(x: Optional[int]) -> List[int]:
    out: List[int] = []
    while x is not None:
        assert x is not None
        out.append(x)
        x = x + 1 if x < 4 else None
    return out


@program((None,), ((1, "x"),))
def optional_tuple(t: Optional[Tuple[int, str]]) -> str:
    if t is not None:
        return t[1] + str(t[0])
    return ""


@program((5,))
def returns_any(n: int) -> Any:
    if n > 3:
        return "large"
    return n
