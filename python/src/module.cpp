// The compiled half of the Python package: thin classes over the C++ API. The package's __init__.py is what users meet.
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <ostream>
#include <streambuf>

#include "convert.h"

namespace tsrun::python {
namespace {

const char* kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::malformed: return "malformed";
    case ErrorKind::unsupported: return "unsupported";
    case ErrorKind::model: return "model";
    case ErrorKind::limit: return "limit";
    case ErrorKind::internal: return "internal";
  }
  return "internal";
}

/// print() of a model goes to sys.stdout as it is at that moment.
class StandardOutput : public std::streambuf {
  int_type overflow(int_type c) override {
    const char byte = static_cast<char>(c);
    xsputn(&byte, 1);
    return c;
  }
  std::streamsize xsputn(const char* text, std::streamsize n) override {
    nb::gil_scoped_acquire gil;
    nb::object string = nb::steal(PyUnicode_DecodeUTF8(text, n, "replace"));
    nb::object target = nb::module_::import_("sys").attr("stdout");
    if (!target.is_none()) target.attr("write")(string);
    return n;
  }
};

std::ostream& standard_output() {
  static StandardOutput buffer;
  static std::ostream stream(&buffer);
  return stream;
}

std::vector<Value> values_of(nb::handle arguments) {
  std::vector<Value> values;
  for (nb::handle a : arguments) values.push_back(to_value(a));
  return values;
}

NamedValues named_values_of(nb::dict keywords) {
  NamedValues values;
  for (auto [name, value] : keywords) values.emplace_back(nb::cast<std::string>(name), to_value(value));
  return values;
}

/// Calls `run(arguments, keywords)` without the GIL.
template <class F>
nb::object call(nb::tuple arguments, nb::dict keywords, F run) {
  std::vector<Value> values = values_of(arguments);
  NamedValues named = named_values_of(keywords);
  Value result;
  {
    nb::gil_scoped_release unlocked;
    result = run(std::move(values), named);
  }
  return to_python(result);
}

Options options_of(int threads, bool optimize, size_t max_memory, bool exact) {
  Options o;
  o.threads = threads;
  o.optimize = optimize;
  o.max_memory = max_memory;
  o.exact = exact;
  o.output = &standard_output();
  return o;
}

void bind_tensor(nb::module_& m) {
  nb::class_<Tensor>(m, "Tensor", "A tensor of a model: shares its memory through DLPack, __array__ and numpy().")
      .def(nb::new_([](nb::handle array) {
             Value v = to_value(array);
             if (!v.is_tensor()) throw Error(ErrorKind::usage, "not an array");
             return v.to_tensor();
           }),
           nb::arg("array"))
      .def_prop_ro("shape", [](const Tensor& x) { return nb::tuple(nb::cast(std::vector<int64_t>(x.sizes().begin(), x.sizes().end()))); })
      .def_prop_ro(
          "strides", [](const Tensor& x) { return nb::tuple(nb::cast(std::vector<int64_t>(x.strides().begin(), x.strides().end()))); },
          "In elements, as in PyTorch.")
      .def_prop_ro(
          "dtype", [](const Tensor& x) { return dtype_name(x.dtype()); }, "PyTorch's name without its prefix: 'float32'.")
      .def_prop_ro("ndim", &Tensor::dim)
      .def_prop_ro("size", &Tensor::numel)
      .def_prop_ro("requires_grad", &Tensor::requires_grad)
      .def("numpy", &to_numpy, "A NumPy array over the same memory.")
      .def("item", [](const Tensor& x) { return to_numpy(x).attr("item")(); })
      .def("tolist", [](const Tensor& x) { return to_numpy(x).attr("tolist")(); })
      .def(
          "__array__",
          [](const Tensor& x, nb::object dtype, nb::object) {
            nb::object array = to_numpy(x);
            return dtype.is_none() ? array : array.attr("astype")(dtype);
          },
          nb::arg("dtype") = nb::none(), nb::arg("copy") = nb::none())
      .def("__dlpack__", [](const Tensor& x, nb::kwargs) { return to_dlpack(x); })
      .def("__dlpack_device__", [](const Tensor&) { return std::make_pair(1, 0); })
      .def("__len__",
           [](const Tensor& x) {
             if (x.dim() == 0) throw nb::type_error("len() of a 0-dimensional tensor");
             return x.size(0);
           })
      .def("__repr__", [](const Tensor& x) { return "tsrun.Tensor(" + x.describe() + ")"; })
      .def("__str__", [](const Tensor& x) { return to_text(x); });
  nb::class_<Value>(m, "Object", "A value of a model that has no counterpart in Python, such as an instance of a class.")
      .def("__repr__", [](const Value& v) { return std::string("<tsrun.Object ") + tag_name(v.tag()) + ">"; });
}

nb::list method_list(const Module& module) {
  nb::list methods;
  for (const Method& method : module.methods()) {
    nb::list arguments;
    for (const Parameter& p : method.arguments) arguments.append(nb::make_tuple(p.name, p.type, p.has_default));
    methods.append(nb::make_tuple(method.name, arguments, method.result_type));
  }
  return methods;
}

void bind_module(nb::module_& m) {
  nb::class_<Module>(m, "Module")
      .def("call",
           [](const Module& self, nb::tuple a, nb::dict k) {
             return call(a, k, [&](std::vector<Value> v, const NamedValues& n) { return self.forward(std::move(v), n); });
           })
      .def("run",
           [](const Module& self, const std::string& method, nb::tuple a, nb::dict k) {
             return call(a, k, [&](std::vector<Value> v, const NamedValues& n) { return self.run(method, std::move(v), n); });
           })
      .def("methods", &method_list)
      .def("has_method", [](const Module& self, const std::string& name) { return self.has_method(name); })
      .def("attribute", [](const Module& self, const std::string& name) { return to_python(self.attribute(name)); })
      .def("set_attribute", [](Module& self, const std::string& name, nb::handle value) { self.set_attribute(name, to_value(value)); })
      .def("tensors",
           [](const Module& self) {
             nb::list tensors;
             for (const NamedTensor& t : self.tensors()) tensors.append(nb::make_tuple(t.name, t.tensor, t.is_parameter, t.is_buffer));
             return tensors;
           })
      .def("train", &Module::train)
      .def("graph", [](const Module& self, const std::string& method, bool optimized) { return self.graph(method, optimized); })
      .def("code",
           [](const Module& self) {
             nb::dict files;
             for (const CodeFile& f : self.code()) files[f.name.c_str()] = f.text;
             return files;
           })
      .def("operators",
           [](const Module& self) {
             nb::list uses;
             for (const OperatorUse& u : self.operators()) uses.append(nb::make_tuple(u.name, u.supported, u.places));
             return uses;
           })
      .def("version", &Module::version)
      .def("type_name", &Module::type_name)
      .def("files", &Module::files)
      .def("extra_files", [](const Module& self) {
        nb::dict files;
        for (const auto& [name, content] : self.extra_files()) files[name.c_str()] = nb::bytes(content.data(), content.size());
        return files;
      });
  nb::class_<Session>(m, "Session")
      .def(
          "__init__",
          [](Session* self, const Module& module, int threads, bool optimize, size_t max_memory, bool exact, nb::object seed) {
            Options o = options_of(threads, optimize, max_memory, exact);
            if (!seed.is_none()) o.seed = nb::cast<uint64_t>(seed);
            new (self) Session(module, o);
          },
          nb::arg("module"), nb::arg("threads"), nb::arg("optimize"), nb::arg("max_memory"), nb::arg("exact"), nb::arg("seed").none())
      .def("call",
           [](Session& self, nb::tuple a, nb::dict k) {
             return call(a, k, [&](std::vector<Value> v, const NamedValues& n) { return self.forward(std::move(v), n); });
           })
      .def("run",
           [](Session& self, const std::string& method, nb::tuple a, nb::dict k) {
             return call(a, k, [&](std::vector<Value> v, const NamedValues& n) { return self.run(method, std::move(v), n); });
           })
      .def("manual_seed", &Session::manual_seed)
      .def("memory_in_use", &Session::memory_in_use)
      .def("peak_memory", &Session::peak_memory);
  m.def("load_path", [](const std::string& path, int threads, bool optimize, size_t max_memory, bool exact) {
    nb::gil_scoped_release unlocked;
    return load(path, options_of(threads, optimize, max_memory, exact));
  });
  m.def("load_bytes", [](nb::bytes bytes, int threads, bool optimize, size_t max_memory, bool exact) {
    return load(std::as_bytes(std::span(bytes.c_str(), bytes.size())), options_of(threads, optimize, max_memory, exact));
  });
}

}  // namespace
}  // namespace tsrun::python

NB_MODULE(_core, m) {
  using namespace tsrun;
  using namespace tsrun::python;
  nb::register_exception_translator(
      [](const std::exception_ptr& p, void*) {
        try {
          std::rethrow_exception(p);
        } catch (const Error& e) {
          nb::object type = nb::module_::import_("tsrun").attr("Error");
          nb::object error = type(nb::cast(e.what()), nb::cast(kind_name(e.kind())), nb::cast(e.trace()));
          PyErr_SetObject(type.ptr(), error.ptr());
        }
      },
      nullptr);
  bind_tensor(m);
  bind_module(m);
  m.def("load_values", [](const std::string& path) { return to_python(load_values(path)); });
  m.def("save_values", [](const std::string& path, nb::handle value) { save_values(path, to_value(value)); });
  m.def("verify", &verify);
  m.def("all_operators", &all_operators);
  m.def("version", [] { return tsrun::version(); });
  m.def("isa", &isa);
  m.def("set_isa", [](const std::string& name) { set_isa(name); });
  m.def("available_isas", &available_isas);
}
