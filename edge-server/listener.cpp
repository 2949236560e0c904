#include "listener.hpp"

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace weir::edge {
namespace {

template <class Value>
error_code set_option(tcp::acceptor& acceptor, int option, const Value& value) {
  const int set = ::setsockopt(acceptor.native_handle(), SOL_SOCKET, option, &value, sizeof(value));
  return set == 0 ? error_code() : error_code(errno, boost::system::system_category());
}

void open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool share, error_code& error) {
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && share) error = set_option(acceptor, SO_REUSEPORT, 1);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
}

}  // namespace

Result<tcp::acceptor> listen(asio::io_context& loop, const Options& options) {
  error_code error;
  tcp::resolver resolver(loop);
  const auto found = resolver.resolve(options.listen_host, std::to_string(options.listen_port),
                                      tcp::resolver::passive, error);
  tcp::acceptor acceptor(loop);
  if (!error) open(acceptor, found.begin()->endpoint(), options.share_port, error);
  if (!error) return acceptor;
  return Error{ErrorCode::internal,
               "Cannot listen on " + options.listen_host + ":" +
                   std::to_string(options.listen_port) + ": " + error.message() + ".",
               options.share_port ? "The edge that listens there must share its port as well."
                                  : "Choose another address with --listen HOST:PORT."};
}

/// A classic BPF filter sees a segment from its TCP header on. It drops what opens a connection
/// (SYN alone) and lets pass what completes one. Where the kernel takes no filter, the few
/// connections being made are reset, as they would be without it.
void hold_back_new_connections(tcp::acceptor& acceptor) {
  constexpr std::uint32_t flags_at = 13;  // RFC 9293, 3.1
  std::array<sock_filter, 5> program = {{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_at),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TH_SYN, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
  }};
  set_option(acceptor, SO_ATTACH_FILTER, sock_fprog{program.size(), program.data()});
}

}  // namespace weir::edge
