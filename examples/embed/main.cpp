// Runs a model on a tensor saved by NumPy, and says which class has the largest score:  embed MODEL.pt INPUT.npy
#include <tsrun/tsrun.h>

#include <algorithm>
#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::cerr << "usage: embed MODEL.pt INPUT.npy\n";
    return 2;
  }
  tsrun::Module model = tsrun::load(argv[1]);
  model.eval();

  tsrun::Session session(model);  // one for each thread; the model is shared
  session.set_threads(1);
  tsrun::Value result = session.forward({tsrun::load_values(argv[2])});

  tsrun::Tensor scores = result.to_tensor().contiguous();
  const float* first = scores.data<float>();
  const float* best = std::max_element(first, first + scores.numel());
  std::cout << scores.describe() << "\nclass " << best - first << ", score " << *best << "\n";
  return 0;
} catch (const tsrun::Error& e) {
  std::cerr << e.what() << "\n" << e.trace();
  return static_cast<int>(e.kind());
}
