#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace weir::edge {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

/// Await in a statement of its own, never in the condition of an `if` or a loop: GCC 12 drops such
/// an await silently where the controlled statement is empty or a bare co_return.
template <class T = void>
using Task = asio::awaitable<T>;

/// What a peer does is no exception: operations give their error code as a value, first of a tuple.
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

}  // namespace weir::edge
