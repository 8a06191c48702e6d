#include "command_line.h"

#include <CLI/CLI.hpp>

#include "verbs.h"

namespace tsrun::tool {
namespace {

using Work = std::function<int()>;

/// Options that choose how a model runs; those of its inputs, too.
void add_call(CLI::App& app, Call& call) {
  app.add_option("model", call.model, "TorchScript file")->required();
  app.add_option("input", call.inputs,
                 "arguments in order: a .npy, .npz or .pt file, rand:1,3,224,224:f32, randn:, zeros:, ones:, arange:, or JSON for numbers, "
                 "strings, lists, None");
  app.add_option("-m,--method", call.method, "method to call")->capture_default_str();
  app.add_option("--inputs", call.inputs_file, "file with all arguments: a saved tuple, a dict of keyword arguments, or an .npz");
  app.add_option("--arg", call.named, "keyword argument NAME=VALUE")->allow_extra_args(false);
  app.add_flag("--train", call.train, "set training mode first");
  app.add_option("--seed", call.seed, "seed of the model's random numbers and of rand: inputs");
  app.add_option("--threads", call.threads, "threads of one run; all cores by default")->check(CLI::Range(1, 1024));
  app.add_option("--isa", call.isa, "instruction set: " + CLI::detail::join(available_isas(), ", "));
  app.add_flag("--no-opt", call.no_opt, "run the graph as written");
  app.add_flag("--exact", call.exact, "sum convolutions directly: slower, and the last digits nearer");
  app.add_option("--max-memory", call.max_memory, "most bytes for tensors, such as 512MB")->transform(CLI::AsSizeValue(false));
}

Work add_run(CLI::App& app) {
  auto o = std::make_shared<RunOptions>();
  add_call(app, o->call);
  app.add_option("-o,--output", o->output, "where the result goes: .npy, .npz, .pt, .json, a folder, or - for JSON on standard output");
  app.add_option("--output-inputs", o->output_inputs, "where the arguments go after the call (.pt, a tuple): what in-place operators did");
  app.add_option("--repeat", o->repeat, "calls with the same arguments; the last result counts")->check(CLI::PositiveNumber);
  app.add_option("--print", o->print, "what is shown of the result")
      ->check(CLI::IsMember({"none", "summary", "all"}))
      ->capture_default_str();
  app.add_flag("--json", o->json, "the result as JSON on standard output");
  return [o] { return run(*o); };
}

Work add_inspect(CLI::App& app) {
  auto o = std::make_shared<InspectOptions>();
  app.add_option("model", o->model, "TorchScript file");
  app.add_flag("--code", o->code, "the source files");
  CLI::Option* graph = app.add_option("--graph", o->graph, "a method's graph in PyTorch's notation; forward by default")->expected(0, 1);
  app.add_flag("--optimized", o->optimized, "the graph as it is executed");
  app.add_flag("--dot", o->dot, "the graph for Graphviz");
  app.add_flag("--json", o->json, "as JSON");
  return [o, graph] {
    o->show_graph = graph->count() > 0;
    if (o->model.empty()) std::swap(o->model, o->graph);  // `--graph MODEL`
    if (o->model.empty()) throw Error(ErrorKind::usage, "inspect needs a model (see tsrun inspect --help)");
    return inspect(*o);
  };
}

Work add_ops(CLI::App& app) {
  auto o = std::make_shared<OpsOptions>();
  app.add_option("model", o->models, "TorchScript files");
  app.add_flag("--missing", o->missing, "only operators that tsrun lacks; exit code 4 if a file needs one");
  app.add_flag("--all", o->all, "PyTorch's whole list instead of a file's");
  app.add_flag("--json", o->json, "as JSON");
  return [o] { return ops(*o); };
}

Work add_bench(CLI::App& app) {
  auto o = std::make_shared<BenchOptions>();
  add_call(app, o->call);
  app.add_option("--seconds", o->seconds, "how long to measure")->check(CLI::NonNegativeNumber)->capture_default_str();
  app.add_option("--warmup", o->warmup, "runs after the first that do not count")->check(CLI::NonNegativeNumber)->capture_default_str();
  app.add_option("--json", o->json, "write the numbers to a file, or - for standard output");
  return [o] { return bench(*o); };
}

Work add_profile(CLI::App& app) {
  auto o = std::make_shared<ProfileOptions>();
  add_call(app, o->call);
  app.add_option("--repeat", o->repeat, "calls that count")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--warmup", o->warmup, "calls before them that do not")->check(CLI::NonNegativeNumber)->capture_default_str();
  app.add_option("--top", o->top, "rows of each table")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--trace", o->trace, "write every operator's run to a file, for chrome://tracing or ui.perfetto.dev");
  app.add_option("--html", o->html, "write the tables as a page that needs nothing else");
  app.add_flag("--json", o->json, "as JSON");
  return [o] { return profile(*o); };
}

Work add_compare(CLI::App& app) {
  auto o = std::make_shared<CompareOptions>();
  add_call(app, o->call);
  app.add_option("--expect", o->expect, "the result that the model should give; without it, two files of values are compared");
  app.add_option("--rtol", o->rtol, "relative tolerance; by dtype, as torch.testing.assert_close, if not given")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--atol", o->atol, "absolute tolerance")->check(CLI::NonNegativeNumber);
  app.add_flag("--json", o->json, "as JSON");
  return [o] { return compare(*o); };
}

Work add_verify(CLI::App& app) {
  auto o = std::make_shared<VerifyOptions>();
  app.add_option("model", o->model, "file to check")->required();
  app.add_flag("--json", o->json, "as JSON");
  return [o] { return verify(*o); };
}

struct Verb {
  const char* name;
  const char* description;
  Work (*add)(CLI::App&);  ///< adds the verb's options to a subcommand
};
constexpr Verb verbs[] = {
    {"run", "call a method of a model (the default verb)", &add_run},
    {"inspect", "show what is in a model; runs nothing", &add_inspect},
    {"ops", "list the operators that models need", &add_ops},
    {"bench", "measure how long a call takes", &add_bench},
    {"profile", "show where the time of a call goes, by operator and by line", &add_profile},
    {"compare", "compare two results, or a model's result with an expected one", &add_compare},
    {"verify", "check a file's structure, checksums, limits and graphs; runs nothing beyond loading", &add_verify},
};

}  // namespace

Work read_command_line(std::vector<std::string> arguments) {
  const auto owner = std::make_shared<CLI::App>("Runs TorchScript files. `tsrun MODEL INPUT...` is `tsrun run MODEL INPUT...`.", "tsrun");
  CLI::App& app = *owner;
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  Work chosen;
  bool names_verb = arguments.empty() || arguments[0].starts_with("-");
  for (const Verb& v : verbs) {
    CLI::App* sub = app.add_subcommand(v.name, v.description);
    sub->callback([&chosen, work = v.add(*sub)] { chosen = work; });
    names_verb = names_verb || arguments[0] == v.name;
  }
  if (!names_verb) arguments.insert(arguments.begin(), "run");
  for (std::string& a : arguments)  // CLI11 would take a JSON list apart, and a negative number for an option
    if (a.starts_with('[') || (a.size() > 1 && a[0] == '-' && (std::isdigit(static_cast<unsigned char>(a[1])) || a[1] == '.')))
      a.insert(0, " ");
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Success& e) {
    return [code = app.exit(e)] { return code; };
  } catch (const CLI::ParseError& e) {
    std::string verb;
    for (const CLI::App* sub : app.get_subcommands()) verb = " " + sub->get_name();
    throw Error(ErrorKind::usage, std::string(e.what()) + " (see tsrun" + verb + " --help)");
  }
  return [owner, chosen] { return chosen(); };  // verbs may ask the parser what was given
}

}  // namespace tsrun::tool
