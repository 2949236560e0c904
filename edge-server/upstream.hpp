#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "channel.hpp"
#include "upstream_pool.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/relay.hpp"

namespace weir::edge {

/// One request to a provider and its response, over a connection of the pool's. Reports
/// ProviderSent, ProviderHead, ProviderBytes as they come, then ProviderEnded; or ProviderFailed
/// where no request got out. Reports are calls on the event loop, never from within a call here.
class Upstream : public Channel::User, public std::enable_shared_from_this<Upstream> {
 public:
  using Report = std::function<void(relay::Input)>;

  Upstream(UpstreamPool& pool, relay::RunId run, Report report);
  ~Upstream() override;

  /// True: the whole request is on its way. ProviderSent is then not reported any more.
  bool start(const provider::HttpRequest& request);
  /// Closes the connection now; nothing more is reported.
  void close();
  /// Nothing more is reported, and the connection is kept if the response ends soon.
  void release();
  void pause(bool paused);

 private:
  struct Response;

  void on_bytes(std::string_view bytes) override;
  void on_end(bool clean) override;

  Task<> run(Origin origin, std::string request);
  Task<bool> open(const Origin& origin, const std::string& request);
  Task<bool> find_channel(const Origin& origin);
  void begin_on_kept(const Origin& origin, std::string_view request);
  void use(std::shared_ptr<Channel> channel);
  void report(relay::Input input);
  void read_response(std::string_view bytes);
  void report_head();
  bool put(std::string_view& bytes);
  void finish();
  void fail(Channel::Failure failure);
  void end(bool clean);
  void wait_for_end();
  void leave();

  UpstreamPool& pool_;
  relay::RunId run_;
  Report report_;
  std::shared_ptr<Channel> channel_;
  std::unique_ptr<Response> response_;
  std::unique_ptr<asio::steady_timer> end_timer_;
  std::size_t sent_ = 0;        ///< of the request, as far as is known
  std::size_t head_bytes_ = 0;  ///< of the response, and of interim ones before it
  std::size_t bytes_after_release_ = 0;
  bool released_ = false;
  bool closed_ = false;
};

}  // namespace weir::edge
