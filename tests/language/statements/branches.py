"""if, elif, else, ternaries, early returns, assert, pass."""

from typing import List, Optional

import torch
from torch import Tensor

from program import program


@program((-3,), (0,), (4,), (100,))
def ladder(n: int) -> str:
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n < 10:
        return "digit"
    else:
        return "big"


@program((1, 2), (2, 1), (1, 1))
def nested_ternary(a: int, b: int) -> str:
    return "less" if a < b else "more" if a > b else "same"


@program((torch.tensor([1.0, 2.0]),), (torch.tensor([-1.0, -2.0]),))
def tensor_condition(x: Tensor) -> Tensor:
    if x.sum() > 0:
        y = x + 1
    else:
        y = x - 1
    return y


@program((torch.ones(2),), (torch.zeros(1),), (torch.zeros(0),))
def truth_of_tensor(x: Tensor) -> int:
    if x:
        return 1
    return 0


@program((5,), (0,), (-5,))
def early_return_in_loop(limit: int) -> int:
    total = 0
    for i in range(10):
        if i == limit:
            return total
        total += i
    if total > limit:
        if limit < 0:
            return -1
    return total


@program(([1, 2],), ([],))
def truth_of_list(xs: List[int]) -> bool:
    if len(xs) > 0:
        return True
    return False


@program((0, 3), (2, 0), (2, 3))
def short_circuit(a: int, b: int) -> bool:
    return a != 0 and 10 // a > b or b == 0


@program((True, False), (False, False), (True, True))
def boolean_values(a: bool, b: bool):
    return a and b, a or b, not a, a == b, a != b, int(a) + int(b)


@program((1,), (2,))
def assigned_in_both_branches(n: int) -> float:
    if n == 1:
        x = 1.5
        y = 2
    else:
        x = -0.5
        y = 7
    return x * y


@program((3,), (30,))
def variable_of_one_branch(n: int) -> int:
    if n > 10:
        extra = n * 2
        n = extra
    else:
        pass
    return n


@program((4,), (5,))
def assertion(n: int) -> int:
    assert n % 2 == 0, "odd numbers are not welcome"
    return n // 2


@program((None,), (3,))
def none_is_a_branch(n: Optional[int]) -> int:
    if n is None:
        return -1
    return n + 1


@program((7,))
def dead_code_after_return(n: int) -> int:
    return n
    n = n + 1
    return n


@program((1.5, 2), (2.0, 2))
def chained_conditions(a: float, b: int):
    return 1 < a and a < 2, a == b, not (a >= b), (a < b) == True  # noqa: E712


@program((3,), (12,))
def returns_of_different_depth(n: int) -> List[int]:
    out: List[int] = []
    if n > 2:
        for i in range(n):
            if i > 5:
                out.append(-i)
                if i == 8:
                    return out
            else:
                out.append(i)
    return out


@program((0.5, 3), (0.0, 3), (2.0, 0))
def branch_hands_on_what_the_loop_carries(momentum: float, n: int) -> float:
    before, total = torch.zeros(2), torch.zeros(2)
    for i in range(n):
        made = torch.full([2], float(i + 1)) + total
        if momentum > 0:
            chosen = made - before.mul_(momentum)
        else:
            chosen = made
        total, before = total + chosen, made
    return float(total.sum() + before.sum())


@program((torch.ones(2, 3), None), (torch.ones(3), torch.ones(2)))
def rank_of_a_tensor_that_one_branch_makes(x: Tensor, places: Optional[Tensor]) -> int:
    if x.dim() == 2:
        if places is not None:
            raise ValueError("not both")
        places = torch.zeros(5)
    elif places is None:
        raise ValueError("neither")
    assert places is not None
    if places.dim() != 1:
        raise ValueError("rank")
    return places.dim() + places.size(0)
