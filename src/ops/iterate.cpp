#include "ops/iterate.h"

#include <algorithm>

#include "ops/copy_convert.h"
#include "ops/copy_loop.h"
#include "ops/dispatch.h"
#include "ops/kernels/parallel.h"
#include "ops/tensor_ops.h"

namespace tsrun {
namespace {

constexpr size_t max_operands = 6;
constexpr int64_t tile = 512;      // elements
constexpr int64_t short_row = 64;  // rows below this length are gathered several at a time
constexpr int64_t grain = 16384;   // elements a thread should have at least

struct Operand {
  char* data;
  Dims steps;  ///< bytes, innermost dimension first
  DType stored, spoken;
  ConvertRow convert;  ///< from stored to spoken; for the result from spoken to stored
  int64_t spoken_bytes;
  bool linear;    ///< contiguous in the order of the loop, in the spoken type
  bool constant;  ///< one element everywhere

  bool direct_in_row() const { return stored == spoken && steps[0] == spoken_bytes; }
};

/// The operands over common dimensions, merged where all of them allow it. Operand 0 is the result.
struct Loop {
  Dims sizes;  ///< innermost first, at least one
  int64_t numel = 1;
  std::array<Operand, max_operands> operands;
  std::array<std::array<std::byte, 16>, max_operands> numbers;  ///< values of the inputs that are numbers
  size_t count = 0;
};

template <class Word>
void copy_row(const char* from, int64_t from_step, char* to, int64_t to_step, int64_t n, DType, DType) {
  for (int64_t i = 0; i < n; ++i) *reinterpret_cast<Word*>(to + i * to_step) = *reinterpret_cast<const Word*>(from + i * from_step);
}

ConvertRow row_mover(DType from, DType to) {
  if (from != to) return convert_row(from, to);
  ConvertRow row = nullptr;
  for_item_size(item_size(from), [&]<class Word>() { row = copy_row<Word>; });
  return row;
}

void add_operand(Loop& loop, void* data, Dims strides, DType stored, DType spoken, bool is_result) {
  Operand& o = loop.operands[loop.count++];
  o.data = static_cast<char*>(data);
  o.steps = std::move(strides);
  for (int64_t& s : o.steps) s *= static_cast<int64_t>(item_size(stored));
  o.stored = stored;
  o.spoken = spoken;
  o.convert = is_result ? row_mover(spoken, stored) : row_mover(stored, spoken);
  o.spoken_bytes = static_cast<int64_t>(item_size(spoken));
}

/// Orders dimensions by the result's strides, drops those of size 1 and merges neighbours.
void arrange(Loop& loop, IntSpan sizes) {
  Dims order;
  for (size_t d = 0; d < sizes.size(); ++d)
    if (sizes[d] != 1) order.push_back(static_cast<int64_t>(d));
  const Dims& lead = loop.operands[0].steps;
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return lead[static_cast<size_t>(a)] < lead[static_cast<size_t>(b)]; });

  std::array<Dims, max_operands> steps;
  for (int64_t dim : order) {
    auto d = static_cast<size_t>(dim);
    bool joins = !loop.sizes.empty();
    for (size_t k = 0; joins && k < loop.count; ++k) joins = loop.operands[k].steps[d] == steps[k].back() * loop.sizes.back();
    if (joins) {
      loop.sizes.back() *= sizes[d];
    } else {
      loop.sizes.push_back(sizes[d]);
      for (size_t k = 0; k < loop.count; ++k) steps[k].push_back(loop.operands[k].steps[d]);
    }
    loop.numel *= sizes[d];
  }
  if (loop.sizes.empty()) {
    loop.sizes.push_back(1);
    for (size_t k = 0; k < loop.count; ++k) steps[k].push_back(loop.operands[k].spoken_bytes);
  }
  for (size_t k = 0; k < loop.count; ++k) {
    Operand& o = loop.operands[k];
    o.steps = std::move(steps[k]);
    o.constant = k > 0 && std::ranges::all_of(o.steps, [](int64_t s) { return s == 0; });
    o.linear = o.stored == o.spoken;
    int64_t expected = o.spoken_bytes;
    for (size_t d = 0; d < loop.sizes.size(); ++d) {
      o.linear = o.linear && o.steps[d] == expected;
      expected *= loop.sizes[d];
    }
  }
}

void store_number(const Scalar& number, DType type, void* to) {
  dispatch(StorableTypes(), type, "copy_kernel", [&]<class T>() { *static_cast<T*>(to) = number.to<T>(); });
}

void build(Loop& loop, std::span<const PassInput> inputs, const Tensor& out, DType written) {
  add_operand(loop, out.data(), Dims(out.strides()), out.dtype(), written, true);
  for (const PassInput& in : inputs) {
    if (in.tensor) {
      add_operand(loop, in.tensor->data(), broadcast_strides(in.tensor->sizes(), in.tensor->strides(), out.sizes()), in.tensor->dtype(),
                  in.type, false);
    } else {
      void* value = loop.numbers[loop.count].data();
      store_number(in.number, in.type, value);
      add_operand(loop, value, Dims(out.sizes().size(), 0), in.type, in.type, false);
    }
  }
  arrange(loop, out.sizes());
}

/// A place in the loop.
struct Position {
  explicit Position(const Loop& l) : loop(l), index(l.sizes.size()) {}
  void advance(int64_t n) {
    for (size_t d = 0; n > 0 && d < index.size(); ++d) {
      index[d] += n;
      if (index[d] < loop.sizes[d] || d + 1 == index.size()) return;
      n = index[d] / loop.sizes[d];
      index[d] %= loop.sizes[d];
    }
  }
  int64_t row_left() const { return loop.sizes[0] - index[0]; }
  char* at(const Operand& o) const {
    char* p = o.data;
    for (size_t d = 0; d < index.size(); ++d) p += index[d] * o.steps[d];
    return p;
  }

  const Loop& loop;
  Dims index;
};

/// Moves n elements between the operand, from `place` on, and a tile of its spoken type.
void move_rows(const Operand& o, Position place, char* buffer, int64_t n, bool to_operand) {
  while (n > 0) {
    int64_t part = std::min(n, place.row_left());
    if (to_operand) o.convert(buffer, o.spoken_bytes, place.at(o), o.steps[0], part, o.spoken, o.stored);
    else o.convert(place.at(o), o.steps[0], buffer, o.spoken_bytes, part, o.stored, o.spoken);
    buffer += part * o.spoken_bytes;
    place.advance(part);
    n -= part;
  }
}

void walk(const Loop& loop, const Pass& pass, int64_t begin, int64_t end) {
  alignas(64) char tiles[max_operands][tile * 16];
  bool rows = loop.sizes.size() == 1 || loop.sizes[0] >= short_row, unlimited = true;
  for (size_t k = 0; k < loop.count; ++k) {
    const Operand& o = loop.operands[k];
    unlimited = unlimited && (rows ? o.direct_in_row() : o.linear);
    if (o.constant) o.convert(o.data, 0, tiles[k], o.spoken_bytes, std::min(tile, end - begin), o.stored, o.spoken);
  }
  Position place(loop);
  place.advance(begin);
  std::array<const void*, max_operands> in;
  while (begin < end) {
    int64_t n = unlimited ? end - begin : std::min(tile, end - begin);
    if (rows) n = std::min(n, place.row_left());
    auto direct = [&](const Operand& o) { return o.linear || (rows && o.direct_in_row()); };
    for (size_t k = 1; k < loop.count; ++k) {
      const Operand& o = loop.operands[k];
      in[k - 1] = direct(o) ? place.at(o) : tiles[k];
      if (!o.constant && !direct(o)) move_rows(o, place, tiles[k], n, false);
    }
    const Operand& out = loop.operands[0];
    if (direct(out)) {
      pass.function(in.data(), place.at(out), n, pass.state);
    } else {
      pass.function(in.data(), tiles[0], n, pass.state);
      move_rows(out, place, tiles[0], n, true);
    }
    place.advance(n);
    begin += n;
  }
}

Tensor make_result(Context& ctx, std::span<const PassInput> inputs, DType result) {
  Dims sizes = broadcast_sizes(inputs);
  if (destination_fits(ctx, inputs, sizes, result)) return *ctx.destination;
  return ctx.empty_strided(sizes, result_strides(inputs, sizes), result);
}

void run_into(Context& ctx, const Pass& pass, std::span<const PassInput> inputs, const Tensor& out) {
  if (out.numel() == 0) return;
  Loop loop;
  build(loop, inputs, out, pass.written);
  kernels::parallel_for(ctx.threads, loop.numel, grain, [&](int64_t begin, int64_t end) { walk(loop, pass, begin, end); });
}

template <class T>
struct BinaryState {
  kernels::BinaryFunction<T> kernel;
  T alpha;
};

template <class T>
void binary_span(const void* const* in, void* out, int64_t n, const void* state) {
  auto& s = *static_cast<const BinaryState<T>*>(state);
  s.kernel({static_cast<const T*>(in[0]), n, 1}, {static_cast<const T*>(in[1]), n, 1}, static_cast<T*>(out), 1, n, s.alpha);
}

/// Rows [begin, end) of a loop with at least two dimensions whose result is linear: whole blocks of rows go to one call.
template <class T>
void binary_rows(const Loop& loop, const BinaryState<T>& s, int64_t begin, int64_t end) {
  constexpr auto bytes = static_cast<int64_t>(sizeof(T));
  int64_t n = loop.sizes[0];
  Position place(loop);
  place.advance(begin * n);
  while (begin < end) {
    int64_t rows = std::min(end - begin, loop.sizes[1] - place.index[1]);
    auto operand = [&](const Operand& o) {
      return kernels::Operand<T>{reinterpret_cast<const T*>(place.at(o)), o.steps[1] / bytes, o.steps[0] / bytes};
    };
    s.kernel(operand(loop.operands[1]), operand(loop.operands[2]), reinterpret_cast<T*>(place.at(loop.operands[0])), rows, n, s.alpha);
    place.advance(rows * n);
    begin += rows;
  }
}

}  // namespace

Tensor run(Context& ctx, const Pass& pass, std::span<const PassInput> inputs) {
  Tensor out = make_result(ctx, inputs, pass.result);
  run_into(ctx, pass, inputs, out);
  return out;
}

template <class T>
Tensor run_binary(Context& ctx, kernels::BinaryFunction<T> kernel, T alpha, std::span<const PassInput> inputs, DType result) {
  constexpr DType type = dtype_of<T>;
  Tensor out = make_result(ctx, inputs, result);
  if (out.numel() == 0) return out;
  Loop loop;
  build(loop, inputs, out, type);
  BinaryState<T> state{kernel, alpha};
  auto fits = [&](const Operand& o) { return o.stored == type && (o.steps[0] == 0 || o.steps[0] == o.spoken_bytes); };
  if (!loop.operands[0].linear || !fits(loop.operands[1]) || !fits(loop.operands[2])) {
    Pass pass{binary_span<T>, &state, type, result};
    kernels::parallel_for(ctx.threads, loop.numel, grain, [&](int64_t begin, int64_t end) { walk(loop, pass, begin, end); });
  } else if (loop.sizes.size() == 1) {
    auto at = [&](size_t k, int64_t i) {
      const Operand& o = loop.operands[k];
      return kernels::Operand<T>{reinterpret_cast<const T*>(o.data + i * o.steps[0]), 0, o.steps[0] / o.spoken_bytes};
    };
    kernels::parallel_for(ctx.threads, loop.numel, grain, [&](int64_t begin, int64_t end) {
      kernel(at(1, begin), at(2, begin), out.data<T>() + begin, 1, end - begin, alpha);
    });
  } else {
    int64_t rows = loop.numel / loop.sizes[0];
    kernels::parallel_for(ctx.threads, rows, grain / loop.sizes[0] + 1,
                          [&](int64_t begin, int64_t end) { binary_rows(loop, state, begin, end); });
  }
  return out;
}

template Tensor run_binary(Context&, kernels::BinaryFunction<float>, float, std::span<const PassInput>, DType);
template Tensor run_binary(Context&, kernels::BinaryFunction<double>, double, std::span<const PassInput>, DType);
template Tensor run_binary(Context&, kernels::BinaryFunction<int32_t>, int32_t, std::span<const PassInput>, DType);
template Tensor run_binary(Context&, kernels::BinaryFunction<int64_t>, int64_t, std::span<const PassInput>, DType);

}  // namespace tsrun
