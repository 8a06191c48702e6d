// Eigen, set up for this library: every source that uses it includes this first.
#pragma once
#define EIGEN_DONT_PARALLELIZE  // threads are ours: kernels/parallel.h
#define EIGEN_NO_DEBUG          // sizes are checked before; an assertion would end the host's process
#define EIGEN_MPL2_ONLY
#include <Eigen/Core>

namespace tsrun {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using MatrixMap = Eigen::Map<Matrix<T>>;
template <class T>
using Column = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <class T>
using ColumnMap = Eigen::Map<Column<T>>;
template <class T>
using Real = typename Eigen::NumTraits<T>::Real;

}  // namespace tsrun
