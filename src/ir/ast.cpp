#include "ir/ast.h"

namespace tsrun {

Expr::~Expr() {
  while (!children.empty()) {
    ExprPtr child = std::move(children.back());
    children.pop_back();
    if (!child) continue;
    try {
      children.reserve(children.size() + child->children.size());
    } catch (...) {
      continue;  // no memory for the list: by recursion then
    }
    for (ExprPtr& below : child->children) children.push_back(std::move(below));
    child->children.clear();
  }
}

Stmt::~Stmt() {
  std::vector<StmtPtr> below;
  auto take_from = [&](Stmt& s) {
    for (std::vector<StmtPtr>* list : {&s.body, &s.other, s.function ? &s.function->body : nullptr}) {
      if (!list || list->empty()) continue;
      try {
        below.reserve(below.size() + list->size());
      } catch (...) { continue; }
      for (StmtPtr& inner : *list) below.push_back(std::move(inner));
      list->clear();
    }
  };
  take_from(*this);
  while (!below.empty()) {
    StmtPtr s = std::move(below.back());
    below.pop_back();
    if (s) take_from(*s);
  }
}

}  // namespace tsrun
