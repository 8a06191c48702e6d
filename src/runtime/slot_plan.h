// Which values of a graph live in one slot, and after which nodes slots are free: worked out before a program is built.
#pragma once
#include <unordered_map>
#include <vector>

#include "ir/graph.h"

namespace tsrun {

class SlotPlan {
 public:
  explicit SlotPlan(const Graph& graph);

  /// The value whose slot v uses: v itself, or another one. What a loop carries round lives in one place where that changes nothing: the
  /// block's parameter, what the block hands on, and the loop's output; likewise an if's output and what its branches end with.
  const Val* home(const Val* v) const;
  /// True when v's slot is used by another value too.
  bool is_shared(const Val* v) const { return homes_.count(v) != 0; }

  struct Death {
    const Val* value;
    bool clears;  ///< the slot may refer to an object: it is emptied
    bool frees;   ///< the slot may be used for something else
  };
  /// What is not read any more after `n`, inner blocks included. Null when there is nothing.
  const std::vector<Death>* deaths(const Node* n) const;

 private:
  void share(const Block& b);
  void try_share(const Block& b, const Val* v, const Val* target, const Val* occupant);
  bool used_after(const Val* v, const Node* n) const;
  void join(const Val* v, const Val* target);
  void find_deaths(const Block& b);
  void find_death(const Val* v, const Block& b, bool frees);
  void number(const Block& b);
  bool after(const Node* a, const Node* b) const { return positions_.at(a) > positions_.at(b); }

  const Graph& graph_;
  std::unordered_map<const Val*, const Val*> homes_;  // of values that share; a home maps to itself
  std::unordered_map<const Val*, bool> overwritten_;  // parameters whose slot is written by what follows them, not by a move at the end
  std::unordered_map<const Node*, size_t> positions_;
  std::unordered_map<const Node*, std::vector<Death>> deaths_;
};

}  // namespace tsrun
