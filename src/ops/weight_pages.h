// The memory of weights that are kept in another order than the file's.
#pragma once
#include "tsrun/file_pages.h"
#include "tsrun/tensor.h"

namespace tsrun {

/// While it lives, a weight is read whole; afterwards it is hardly read again. Mapped pages come in one step and leave memory at the end.
class WeightPages {
 public:
  explicit WeightPages(const Tensor& weight) : weight_(weight), pages_(dynamic_cast<FilePages*>(weight.storage()->owner())) {
    if (pages_) pages_->read_ahead(weight.data(), bytes());
  }
  ~WeightPages() {
    if (pages_) pages_->drop(weight_.data(), bytes());
  }
  WeightPages(const WeightPages&) = delete;

 private:
  size_t bytes() const { return weight_.is_contiguous() ? static_cast<size_t>(weight_.numel()) * item_size(weight_.dtype()) : 0; }

  Tensor weight_;
  FilePages* pages_;
};

}  // namespace tsrun
