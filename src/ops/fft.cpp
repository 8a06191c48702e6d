// Fourier transforms along dimensions of tensors, and the sum of overlapping frames that their inverse needs. What is named fft_* is
// composed of these in prelude/fft.py.
#include "ops/kernels/fft.h"

#include <atomic>
#include <cmath>
#include <map>
#include <mutex>

#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/promote.h"
#include "ops/tables.h"
#include "ops/tensor_ops.h"

namespace tsrun {

namespace {

// ---- plans
// ------------------------------------------------------------------------------------------------------------------------------------

/// A plan for n, kept for later calls unless it is large. The plans in use stay alive when the store is emptied.
template <class Plan>
std::shared_ptr<const Plan> plan_for(int64_t n) {
  constexpr int64_t largest_kept = 1 << 16;
  constexpr size_t most_kept = 32;
  static std::mutex mutex;
  static std::map<int64_t, std::shared_ptr<const Plan>> kept;
  {
    std::lock_guard lock(mutex);
    if (auto found = kept.find(n); found != kept.end()) return found->second;
  }
  auto plan = std::make_shared<const Plan>(n);
  if (n > largest_kept) return plan;
  std::lock_guard lock(mutex);
  if (kept.size() >= most_kept) kept.clear();
  kept.emplace(n, plan);
  return plan;
}

// ---- lines
// ------------------------------------------------------------------------------------------------------------------------------------

int64_t parts(DType t) { return is_complex(t) ? 2 : 1; }

/// Where the lines along one dimension of two tensors start. They are counted through in the order of the first tensor's memory.
class Lines {
 public:
  Lines(const Tensor& in, const Tensor& out, int64_t dim) : in_parts_(parts(in.dtype())), out_parts_(parts(out.dtype())) {
    for (int64_t d = 0; d < in.dim(); ++d)
      if (d != dim) dims_.push_back({in.size(d), in.stride(d), out.stride(d)});
    std::stable_sort(dims_.begin(), dims_.end(), [](const Dim& a, const Dim& b) { return a.in < b.in; });
    for (const Dim& d : dims_) count_ *= d.size;
  }
  int64_t count() const { return count_; }

  /// Offsets of lines [first, first + n), in numbers.
  void offsets(int64_t first, int64_t n, int64_t* in, int64_t* out) const {
    for (int64_t l = 0; l < n; ++l) {
      in[l] = out[l] = 0;
      int64_t rest = first + l;
      for (const Dim& d : dims_) {
        in[l] += rest % d.size * d.in * in_parts_;
        out[l] += rest % d.size * d.out * out_parts_;
        rest /= d.size;
      }
    }
  }

 private:
  struct Dim {
    int64_t size, in, out;
  };
  std::vector<Dim> dims_;
  int64_t in_parts_, out_parts_, count_ = 1;
};

/// Calls transform(lines, workspace) for all lines along `dim`, some at a time.
template <class T, class Plan, class F>
void for_lines(Context& ctx, const Plan& plan, const Tensor& in, const Tensor& out, int64_t dim, double scale, F&& transform) {
  constexpr int64_t most_lanes = 64 / sizeof(T), in_cache = 1 << 15;
  const Lines lines(in, out, dim);
  const int64_t n = plan.length(), lanes = n * most_lanes <= 2 * in_cache ? std::min(most_lanes, lines.count()) : 1;
  if (lines.count() == 0) return;
  const int64_t groups = (lines.count() + lanes - 1) / lanes;
  const int64_t threads = std::max<int64_t>(1, std::min<int64_t>(ctx.threads, groups)), room = kernels::fft_workspace(plan, lanes);
  Ref<Storage> work = ctx.workspace(static_cast<size_t>(checked_numel(Dims{threads, room}, sizeof(T))) * sizeof(T));
  std::atomic<int64_t> next_room{0};
  const int64_t grain = std::max<int64_t>(1, (1 << 15) / std::max<int64_t>(1, n * lanes));
  kernels::parallel_for(static_cast<int>(threads), groups, grain, [&](int64_t begin, int64_t end) {
    T* own = reinterpret_cast<T*>(work->data()) + next_room++ * room;
    int64_t in_offsets[most_lanes], out_offsets[most_lanes];
    for (int64_t g = begin; g < end; ++g) {
      const int64_t first = g * lanes, count = std::min(lanes, lines.count() - first);
      lines.offsets(first, count, in_offsets, out_offsets);
      transform(
          kernels::FftLines<T>{static_cast<const T*>(in.data()), static_cast<T*>(out.data()), in_offsets, out_offsets,
                               in.stride(dim) * parts(in.dtype()), out.stride(dim) * parts(out.dtype()), count, static_cast<T>(scale)},
          own);
    }
  });
}

template <class T>
void transform_dim(Context& ctx, const Tensor& in, const Tensor& out, int64_t dim, bool forward, double scale) {
  auto plan = plan_for<kernels::Fft<T>>(in.size(dim));
  for_lines<T>(ctx, *plan, in, out, dim, scale,
               [&](const kernels::FftLines<T>& lines, T* work) { kernels::transform_lines(*plan, lines, forward, work); });
}

// ---- tensors
// ----------------------------------------------------------------------------------------------------------------------------------

/// PyTorch's layout of a result: the transformed dimensions innermost in the given order, the others in the order of self's memory.
Tensor empty_result(Context& ctx, const Tensor& self, IntSpan dims, const Dims& sizes, DType dtype) {
  Dims order;
  for (int64_t d = 0; d < self.dim(); ++d)
    if (std::find(dims.begin(), dims.end(), d) == dims.end()) order.push_back(d);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return self.stride(a) > self.stride(b); });
  for (int64_t d : dims) order.push_back(d);
  Dims strides(sizes.size());
  int64_t step = 1;
  for (size_t i = order.size(); i-- > 0;) {
    const auto d = static_cast<size_t>(order[i]);
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  }
  return ctx.empty_strided(sizes, strides, dtype);
}

Dims checked_dims(const Tensor& self, IntSpan dim, bool allow_none) {
  check(allow_none || !dim.empty(), "a Fourier transform to or from real numbers needs at least one dimension");
  Dims dims;
  for (int64_t d : dim) {
    check(self.dim() > 0, "Dimension specified as ", d, " but tensor has no dimensions");
    int64_t wrapped = wrap_dim(d, self.dim());
    check(std::find(dims.begin(), dims.end(), wrapped) == dims.end(), "FFT dims must be unique");
    check(self.size(wrapped) > 0, "Invalid number of data points (", self.size(wrapped), ") specified");
    dims.push_back(wrapped);
  }
  return dims;
}

/// Those of larger strides first; the last one stays when keep_last.
void sort_by_strides(const Tensor& self, Dims& dims, bool keep_last) {
  std::stable_sort(dims.begin(), dims.end() - keep_last, [&](int64_t a, int64_t b) { return self.stride(a) > self.stride(b); });
}

/// normalization: 0 none, 1 divide by the root of the number of elements transformed, 2 by the number.
double scale_for(int64_t normalization, const Dims& sizes, const Dims& dims) {
  double n = 1;
  for (int64_t d : dims) n *= static_cast<double>(sizes[static_cast<size_t>(d)]);
  return normalization == 0 ? 1 : normalization == 1 ? 1 / std::sqrt(n) : 1 / n;
}

void check_parts(const Tensor& self) {
  check(self.dtype() == DType::f32 || self.dtype() == DType::f64,
        "Only supports floating-point dtypes, but found: ", scalar_type_name(self.dtype()));
}

void check_complex(const Tensor& self) {
  check(self.dtype() == DType::c64 || self.dtype() == DType::c128,
        "Only supports complex dtypes, but found: ", scalar_type_name(self.dtype()));
}

template <class F>
void dispatch_parts(DType dtype, F&& f) {
  if (real_type(dtype) == DType::f32) f.template operator()<float>();
  else f.template operator()<double>();
}

Tensor fft_c2c(Context& ctx, const Tensor& self, IntSpan dim, int64_t normalization, bool forward) {
  check_complex(self);
  Dims dims = checked_dims(self, dim, true);
  if (dims.empty()) return clone(ctx, self);
  sort_by_strides(self, dims, false);
  Tensor out = empty_result(ctx, self, dims, self.sizes(), self.dtype());
  const double scale = scale_for(normalization, self.sizes(), dims);
  dispatch_parts(self.dtype(), [&]<class T>() {
    for (size_t i = dims.size(); i-- > 0;)
      transform_dim<T>(ctx, i + 1 == dims.size() ? self : out, out, dims[i], forward, i == 0 ? scale : 1);
  });
  return out;
}

Tensor fft_r2c(Context& ctx, const Tensor& self, IntSpan dim, int64_t normalization, bool onesided) {
  check_parts(self);
  Dims dims = checked_dims(self, dim, false), sizes = self.sizes();
  const int64_t last = dims.back();
  sort_by_strides(self, dims, true);
  const double scale = scale_for(normalization, sizes, dims);
  if (onesided) sizes[static_cast<size_t>(last)] = self.size(last) / 2 + 1;
  Tensor out = empty_result(ctx, self, dims, sizes, complex_type(self.dtype()));
  dispatch_parts(self.dtype(), [&]<class T>() {
    auto plan = plan_for<kernels::RealFft<T>>(self.size(last));
    for_lines<T>(ctx, *plan, self, out, last, dims.size() == 1 ? scale : 1,
                 [&](const kernels::FftLines<T>& lines, T* work) { kernels::transform_real_lines(*plan, lines, !onesided, work); });
    for (size_t i = dims.size() - 1; i-- > 0;) transform_dim<T>(ctx, out, out, dims[i], true, i == 0 ? scale : 1);
  });
  return out;
}

Tensor fft_c2r(Context& ctx, const Tensor& self, IntSpan dim, int64_t normalization, int64_t last_dim_size) {
  check_complex(self);
  Dims dims = checked_dims(self, dim, false), sizes = self.sizes();
  const int64_t last = dims.back();
  check(last_dim_size >= 1 && self.size(last) >= last_dim_size / 2 + 1, "Invalid number of data points (", last_dim_size, ") specified");
  sizes[static_cast<size_t>(last)] = last_dim_size;
  const double scale = scale_for(normalization, sizes, dims);
  Tensor in = self;
  if (dims.size() > 1) in = fft_c2c(ctx, self, IntSpan(dims).first(dims.size() - 1), 0, false);
  Tensor out = empty_result(ctx, in, Dims{last}, sizes, real_type(self.dtype()));
  dispatch_parts(self.dtype(), [&]<class T>() {
    auto plan = plan_for<kernels::RealFft<T>>(last_dim_size);
    for_lines<T>(ctx, *plan, in, out, last, scale,
                 [&](const kernels::FftLines<T>& lines, T* work) { kernels::invert_to_real_lines(*plan, lines, work); });
  });
  return out;
}

// ---- overlapping frames
// -------------------------------------------------------------------------------------------------------------------------

/// The sums over all windows that x.unfold(dim, size, step) showed, for x of input_sizes: the frames [.., frames, .., size] added up where
/// they were taken.
Tensor unfold_backward(Context& ctx, const Tensor& grad_in, IntSpan input_sizes, int64_t dim, int64_t size, int64_t step) {
  Dims sizes = input_sizes;
  check(!sizes.empty() && grad_in.dim() == static_cast<int64_t>(sizes.size()) + 1, "unfold_backward: expected a tensor of ",
        sizes.size() + 1, " dimensions, got ", grad_in);
  const int64_t at = wrap_dim(dim, static_cast<int64_t>(sizes.size()));
  check(size >= 0 && step > 0 && grad_in.size(-1) == size, "unfold_backward: expected windows of ", size,
        " elements and a positive step, got ", grad_in, " and step ", step);
  const int64_t length = sizes[static_cast<size_t>(at)], frames = grad_in.size(at);
  check(frames == 0 || (size <= length && frames - 1 <= (length - size) / step), "unfold_backward: ", frames, " windows of ", size,
        " elements do not fit ", sizes);
  for (size_t d = 0; d < sizes.size(); ++d)
    check(static_cast<int64_t>(d) == at || sizes[d] == grad_in.size(static_cast<int64_t>(d)), "unfold_backward: sizes of ", grad_in,
          " and ", sizes, " differ");
  Tensor sums = ctx.zeros(sizes, grad_in.dtype());
  const int64_t inner = sums.stride(at), outer = length * inner == 0 ? 0 : sums.numel() / (length * inner);
  Tensor windows = contiguous(ctx, grad_in);
  dispatch(NumberTypes(), grad_in.dtype(), "unfold_backward", [&]<class T>() {
    kernels::parallel_for(ctx.threads, outer, 1, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; ++o)
        for (int64_t f = 0; f < frames; ++f)
          for (int64_t i = 0; i < inner; ++i) {
            const T* window = windows.data<T>() + ((o * frames + f) * inner + i) * size;
            T* to = sums.data<T>() + (o * length + f * step) * inner + i;
            for (int64_t k = 0; k < size; ++k) to[k * inner] = static_cast<T>(to[k * inner] + window[k]);
          }
    });
  });
  return sums;
}

constexpr Op rows[] = {
    op<"aten::_fft_c2c(Tensor self, SymInt[] dim, int normalization, bool forward) -> Tensor", fft_c2c>(),
    op<"aten::_fft_r2c(Tensor self, int[] dim, int normalization, bool onesided) -> Tensor", fft_r2c>(),
    op<"aten::_fft_c2r(Tensor self, int[] dim, int normalization, SymInt last_dim_size) -> Tensor", fft_c2r>(),
    op<"aten::unfold_backward(Tensor grad_in, SymInt[] input_sizes, int dim, SymInt size, SymInt step) -> Tensor", unfold_backward>(),
};

}  // namespace
const std::span<const Op> fft_ops = rows;

}  // namespace tsrun
