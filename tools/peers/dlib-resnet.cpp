// Times dlib's face recognition network in C++: dlib-resnet MODEL.dat BATCH RUNS prints CPU milliseconds an item,
// the median of the runs. The network is stated as dlib's documentation of its face recogniser describes it.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <dlib/dnn.h>
#include <iostream>
#include <vector>

namespace net {
using namespace dlib;
template <template <int, template <typename> class, int, typename> class BLOCK, int N,
          template <typename> class BN, typename SUBNET>
using residual = add_prev1<BLOCK<N, BN, 1, tag1<SUBNET>>>;
template <template <int, template <typename> class, int, typename> class BLOCK, int N,
          template <typename> class BN, typename SUBNET>
using residual_down = add_prev2<avg_pool<2, 2, 2, 2, skip1<tag2<BLOCK<N, BN, 2, tag1<SUBNET>>>>>>;
template <int N, template <typename> class BN, int STRIDE, typename SUBNET>
using block = BN<con<N, 3, 3, 1, 1, relu<BN<con<N, 3, 3, STRIDE, STRIDE, SUBNET>>>>>;
template <int N, typename SUBNET> using same = relu<residual<block, N, affine, SUBNET>>;
template <int N, typename SUBNET> using down = relu<residual_down<block, N, affine, SUBNET>>;
template <typename SUBNET> using level0 = down<256, SUBNET>;
template <typename SUBNET> using level1 = same<256, same<256, down<256, SUBNET>>>;
template <typename SUBNET> using level2 = same<128, same<128, down<128, SUBNET>>>;
template <typename SUBNET> using level3 = same<64, same<64, same<64, down<64, SUBNET>>>>;
template <typename SUBNET> using level4 = same<32, same<32, same<32, SUBNET>>>;
using recogniser = loss_metric<fc_no_bias<
    128, avg_pool_everything<level0<level1<level2<level3<level4<max_pool<
             3, 3, 2, 2, relu<affine<con<32, 7, 7, 2, 2, input_rgb_image_sized<150>>>>>>>>>>>>>;
} // namespace net

int main(int count, char **arguments) {
  if (count != 4) return 2;
  net::recogniser recogniser;
  dlib::deserialize(arguments[1]) >> recogniser;
  const auto batch = static_cast<std::size_t>(std::atoi(arguments[2]));
  const int runs = std::atoi(arguments[3]);
  dlib::matrix<dlib::rgb_pixel> chip(150, 150);
  for (long row = 0; row < 150; ++row)
    for (long column = 0; column < 150; ++column)
      chip(row, column) = dlib::rgb_pixel(row, column, (row * column) % 251);
  const std::vector<dlib::matrix<dlib::rgb_pixel>> chips(batch, chip);
  std::vector<double> times;
  for (int run = -3; run < runs; ++run) {
    const std::clock_t started = std::clock();
    recogniser(chips);
    const double ms = 1000.0 * static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
    if (run >= 0) times.push_back(ms / static_cast<double>(batch));
  }
  std::sort(times.begin(), times.end());
  std::cout << times[times.size() / 2] << std::endl;
}
