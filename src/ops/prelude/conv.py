def _p_check_kernel(weight: Tensor, kernel_size: List[int]):
    given = list(weight.size())[2:]
    if given != kernel_size:
        raise RuntimeError("the kernel_size " + str(kernel_size) + " is not that of the weight, " + str(given))


def slow_conv_dilated2d(self: Tensor, weight: Tensor, kernel_size: List[int], bias: Optional[Tensor], stride: List[int], padding: List[int], dilation: List[int]) -> Tensor:
    _p_check_kernel(weight, kernel_size)
    return torch.conv2d(self, weight, bias, stride, padding, dilation)


def slow_conv_dilated3d(self: Tensor, weight: Tensor, kernel_size: List[int], bias: Optional[Tensor], stride: List[int], padding: List[int], dilation: List[int]) -> Tensor:
    _p_check_kernel(weight, kernel_size)
    return torch.conv3d(self, weight, bias, stride, padding, dilation)


def slow_conv3d_forward(self: Tensor, weight: Tensor, kernel_size: List[int], bias: Optional[Tensor], stride: List[int], padding: List[int]) -> Tensor:
    _p_check_kernel(weight, kernel_size)
    return torch.conv3d(self, weight, bias, stride, padding)


def slow_conv_transpose2d(self: Tensor, weight: Tensor, kernel_size: List[int], bias: Optional[Tensor], stride: List[int], padding: List[int], output_padding: List[int], dilation: List[int]) -> Tensor:
    _p_check_kernel(weight, kernel_size)
    return torch.conv_transpose2d(self, weight, bias, stride, padding, output_padding, 1, dilation)


def slow_conv_transpose3d(self: Tensor, weight: Tensor, kernel_size: List[int], bias: Optional[Tensor], stride: List[int], padding: List[int], output_padding: List[int], dilation: List[int]) -> Tensor:
    _p_check_kernel(weight, kernel_size)
    return torch.conv_transpose3d(self, weight, bias, stride, padding, output_padding, 1, dilation)
