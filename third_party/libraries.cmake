# The libraries tsrun stands on: taken from the system by name; see README.md beside this file for versions and licences.
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
if(TSRUN_OPENMP)
  find_package(OpenMP REQUIRED COMPONENTS CXX)
endif()
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_path(HWY_INCLUDE_DIR hwy/highway.h REQUIRED)  # headers only: the choice of instruction set is ours (src/ops/kernels/isa.h)

# Needed to compile tsrun, not to link with it.
add_library(tsrun_headers INTERFACE)
target_link_libraries(tsrun_headers INTERFACE Eigen3::Eigen)
target_include_directories(tsrun_headers SYSTEM INTERFACE ${HWY_INCLUDE_DIR})
