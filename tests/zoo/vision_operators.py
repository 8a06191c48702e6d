"""torchvision's C++ operators written with PyTorch's: torchvision from PyPI has no library for a PyTorch of another build.

`declare` has to run before torchvision is imported. What is not needed by a network of the zoo is not here.
"""

import functools

import torch

SCHEMAS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "roi_align": "(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int sampling_ratio, "
    "bool aligned) -> Tensor",
    "deform_conv2d": "(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, SymInt stride_h, SymInt stride_w, SymInt pad_h, "
    "SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt groups, SymInt offset_groups, bool use_mask) -> Tensor",
    "box_iou_rotated": "(Tensor boxes1, Tensor boxes2) -> Tensor",
}


@functools.cache
def declare():
    """Defines the operators where there are none; returns what has to be kept alive for them."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    implementations = {"nms": nms, "roi_align": roi_align, "deform_conv2d": deform_conv2d}
    for name, schema in SCHEMAS.items():
        if not hasattr(torch.ops.torchvision, name):
            library.define(name + schema)
        packet = f"torchvision::{name}"
        if name in implementations and not torch._C._dispatch_has_kernel_for_dispatch_key(packet, "CPU"):
            library.impl(name, implementations[name], "CPU")
    import torchvision

    torchvision.extension._has_ops = has_operators
    return library


def has_operators():
    return True


def nms(dets, scores, iou_threshold):
    """Indices of the boxes that no better kept box overlaps by more than the threshold, best first."""
    area = (dets[:, 2] - dets[:, 0]) * (dets[:, 3] - dets[:, 1])
    order, kept = scores.argsort(descending=True, stable=True), []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(best)
        low = torch.maximum(dets[best, :2], dets[rest, :2])
        high = torch.minimum(dets[best, 2:], dets[rest, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        order = rest[shared / (area[best] + area[rest] - shared) <= iou_threshold]
    return torch.stack(kept) if kept else torch.empty(0, dtype=torch.int64)


def pixels(image, y, x):
    """Bilinear values of image [C, H, W] at real positions y, x of one shape; [C, ...]. Outside by a pixel or more is zero."""
    _, height, width = image.shape
    inside = (y > -1) & (y < height) & (x > -1) & (x < width)
    top, left = y.floor(), x.floor()
    total = torch.zeros((image.shape[0], *y.shape), dtype=image.dtype)
    for row, row_weight in ((top, 1 - (y - top)), (top + 1, y - top)):
        for column, column_weight in ((left, 1 - (x - left)), (left + 1, x - left)):
            there = inside & (row >= 0) & (row < height) & (column >= 0) & (column < width)
            value = image[:, row.clamp(0, height - 1).long(), column.clamp(0, width - 1).long()]
            total += torch.where(there, row_weight * column_weight, 0) * value
    return total


def roi_align(input, rois, spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned):
    """The mean of bilinear samples in each bin of each region; samples between the border and one pixel outside take the border's value."""
    height, width = input.shape[2:]
    numbers = functools.partial(torch.arange, dtype=rois.dtype)
    out = input.new_empty(len(rois), input.shape[1], pooled_height, pooled_width)
    for n, roi in enumerate(rois):
        left, top, right, bottom = roi[1:] * spatial_scale - (0.5 if aligned else 0.0)
        region_height, region_width = bottom - top, right - left
        if not aligned:
            region_height, region_width = region_height.clamp(min=1.0), region_width.clamp(min=1.0)
        bin_height, bin_width = region_height / pooled_height, region_width / pooled_width
        rows = sampling_ratio if sampling_ratio > 0 else int(bin_height.ceil())
        columns = sampling_ratio if sampling_ratio > 0 else int(bin_width.ceil())
        y = top + numbers(pooled_height)[:, None] * bin_height + (numbers(rows) + 0.5) * bin_height / rows
        x = left + numbers(pooled_width)[:, None] * bin_width + (numbers(columns) + 0.5) * bin_width / columns
        y, x = y.flatten()[:, None].expand(-1, x.numel()), x.flatten().expand(y.numel(), -1)
        beyond = (y < -1) | (y > height) | (x < -1) | (x > width)
        samples = pixels(input[int(roi[0])], y.clamp(0, height - 1), x.clamp(0, width - 1)).masked_fill(beyond, 0)
        out[n] = samples.view(-1, pooled_height, rows, pooled_width, columns).mean((2, 4))
    return out


def deform_conv2d(
    input, weight, offset, mask, bias, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups, use_mask
):
    """A convolution that samples each tap at its place plus an offset."""
    count, channels = input.shape[:2]
    kernel_height, kernel_width = weight.shape[2:]
    taps, (rows, columns) = kernel_height * kernel_width, offset.shape[2:]
    offset = offset.view(count, offset_groups, kernel_height, kernel_width, 2, rows, columns)
    base_y = (torch.arange(rows) * stride_h - pad_h)[:, None] + (torch.arange(kernel_height) * dilation_h)[:, None, None, None]
    base_x = (torch.arange(columns) * stride_w - pad_w) + (torch.arange(kernel_width) * dilation_w)[:, None, None]
    patches = []
    for n in range(count):
        for g, part in enumerate(input[n].chunk(offset_groups)):
            value = pixels(part, base_y + offset[n, g, :, :, 0], base_x + offset[n, g, :, :, 1])
            patches.append(value * mask[n].view(offset_groups, kernel_height, kernel_width, rows, columns)[g] if use_mask else value)
    patches = torch.stack(patches).view(count, groups, channels // groups * taps, rows * columns)
    out = weight.view(groups, weight.shape[0] // groups, -1) @ patches
    return out.view(count, -1, rows, columns) + bias.view(-1, 1, 1)
