#include "ir/passes/passes_testing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ir/text.h"
#include "ops/generator.h"
#include "ops/tensor_ops.h"
#include "runtime/module_impl.h"

namespace tsrun {

PassTest::PassTest(const std::string& code, const std::map<std::string, Value>& constants) {
  UnitEnvironment e = operator_environment();
  e.load_source = [code](const std::string& path) -> SourceRef {
    return path == "code/__torch__.py" ? std::make_shared<Source>(Source{"code/__torch__.py", code}) : nullptr;
  };
  unit_ = std::make_unique<CompilationUnit>(std::move(e));
  Function& f = *unit_->find_function("__torch__.f");
  const Graph& original = unit_->graph_of(f);
  graph_ = std::make_unique<Graph>();
  std::unordered_map<const Val*, Val*> map;
  size_t i = 0;
  for (const Val* p : original.body->params()) {
    const std::string& name = f.schema.arguments[i++].name;
    if (!constants.count(name)) map[p] = graph_->add_output(graph_->body->param, p->type, name);
  }
  i = 0;
  for (const Val* p : original.body->params())
    if (auto it = constants.find(f.schema.arguments[i++].name); it != constants.end())
      map[p] = graph_->constant(it->second, p->type, graph_->body->result);
  graph_->clone_nodes(*original.body, graph_->body->result, map);
  for (const Val* v : original.body->outputs()) graph_->add_input(graph_->body->result, map[v]);
  connect_passes(environment);
  for_each_node(*graph_->body, [&](Node* n) {  // lists of numbers, as specialisation leaves them
    if (n->kind != NodeKind::list_construct) return;
    TypeKind k = n->output()->type->element()->kind;
    if (k != TypeKind::integer && k != TypeKind::floating && k != TypeKind::boolean) return;
    std::vector<Value> elements;
    for (const Val* v : n->inputs) elements.push_back(v->node->value);
    graph_->replace_uses(n->output(), graph_->constant(make_list(std::move(elements), n->output()->type->element()), n->output()->type, n));
    graph_->remove(n);
  });
}

Value PassTest::run(std::vector<Value> arguments) {
  std::unique_ptr<Program> program = build_program(*graph_, "f", prelude_function);
  ProgramCache programs;
  RunEnvironment e;
  e.program_of = [&](Function& f) -> const Program& { return program_of(f, programs); };
  e.max_call_depth = 100;
  Interpreter interpreter(std::move(e));
  Generator generator(1);
  Context context;
  context.generator = &generator;
  return interpreter.run(*program, arguments, context);
}

namespace {

class Outline {
 public:
  std::string of(const Graph& graph) {
    block(*graph.body, "");
    return text_ + "return " + names(graph.body->outputs());
  }

 private:
  std::string name(const Val* v) {
    if (v->node->kind == NodeKind::constant) {
      const Value& c = v->node->value;
      return c.is_tensor() ? "<" + c.to_tensor().describe() + ">" : c.is_string() ? "'" + c.to_string() + "'" : to_str(c);
    }
    if (auto it = names_.find(v); it != names_.end()) return it->second;
    std::string fresh = v->node->kind == NodeKind::param ? v->name : std::string(1, static_cast<char>('a' + count_++));
    return names_[v] = fresh;
  }
  std::string names(const std::vector<Val*>& values) {
    std::string s;
    for (const Val* v : values) s += (s.empty() ? "" : ", ") + name(v);
    return s;
  }
  void block(const Block& b, const std::string& indent) {
    for (const Node* n = b.first(); n != b.result; n = n->next) {
      if (n->kind == NodeKind::constant) continue;
      std::string inputs = names(n->inputs), what = n->kind == NodeKind::op               ? n->name
                                                    : n->kind == NodeKind::list_construct ? "list"
                                                    : n->kind == NodeKind::if_            ? "if"
                                                                                          : "node";
      text_ += indent + names(n->outputs) + (n->outputs.empty() ? "" : " = ") + what + "(" + inputs + ")\n";
      for (const Block* inner : n->blocks) block(*inner, indent + "  ");
    }
  }

  std::string text_;
  std::unordered_map<const Val*, std::string> names_;
  int count_ = 0;
};

}  // namespace

std::string outline(const Graph& graph) { return Outline().of(graph); }

Tensor numbers(const Dims& sizes, double first) {
  Tensor t = Tensor::empty(sizes);
  for (int64_t i = 0; i < t.numel(); ++i) t.data<float>()[i] = static_cast<float>(std::sin(first + 0.71 * static_cast<double>(i)));
  return t;
}

double distance(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || !std::ranges::equal(a.sizes(), b.sizes())) return std::numeric_limits<double>::infinity();
  Context ctx;
  Tensor x = contiguous(ctx, cast(ctx, a, DType::f64)), y = contiguous(ctx, cast(ctx, b, DType::f64));
  double largest = 0, difference = 0;
  for (int64_t i = 0; i < x.numel(); ++i) {
    largest = std::max(largest, std::abs(y.data<double>()[i]));
    difference = std::max(difference, std::abs(x.data<double>()[i] - y.data<double>()[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

}  // namespace tsrun
