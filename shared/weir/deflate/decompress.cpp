#include "weir/deflate/deflate.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>
#include <exception>

#include "weir/base/assert.hpp"

// Beast reports through error codes here; what it would throw is a broken invariant.
namespace boost {
void throw_exception(const std::exception&) {
  __builtin_trap();
}
void throw_exception(const std::exception&, const source_location&) {
  __builtin_trap();
}
}  // namespace boost

namespace weir::deflate {
namespace {

namespace zlib = boost::beast::zlib;

constexpr int window_bits = 15;

}  // namespace

bool decompress(Bytes input, std::size_t size, std::vector<std::uint8_t>& out) {
  thread_local zlib::inflate_stream stream;
  stream.reset(window_bits);
  const std::size_t begin = out.size();
  out.resize(begin + size);
  zlib::z_params params;
  params.next_in = input.data();
  params.avail_in = input.size();
  params.next_out = out.data() + begin;
  params.avail_out = size;
  boost::system::error_code status;
  // What came out says whether the stream is whole. The status does not: at the end Beast's inflate
  // may ask for more input than there is, and a program that compiles Beast apart has error
  // categories of its own.
  stream.write(params, zlib::Flush::sync, status);
  const bool sound = params.total_out == size && params.avail_in == 0;
  if (!sound) out.resize(begin);
  return sound;
}

}  // namespace weir::deflate
