#pragma once

#include "net.hpp"
#include "options.hpp"
#include "weir/base/result.hpp"

namespace weir::edge {

/// Opens the port that the options name. With `share_port` another edge may be listening there, or
/// come to, if it does the same under the same user: the kernel deals new connections out among
/// them. Without it a second edge on the port is an error.
Result<tcp::acceptor> listen(asio::io_context& loop, const Options& options);

/// Has the kernel take no note of new connections that it deals to this socket: their clients send
/// again within a second, by when the socket should be closed and the other edges have the port to
/// themselves. A socket closed without this resets the connections that are just being made.
void hold_back_new_connections(tcp::acceptor& acceptor);

}  // namespace weir::edge
