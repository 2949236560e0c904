#include "server.hpp"

#include <openssl/rand.h>
#include <pthread.h>
#include <sys/resource.h>

#include <array>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "answer_record.hpp"
#include "connection.hpp"
#include "digests.hpp"
#include "environment.hpp"
#include "key_source.hpp"
#include "listener.hpp"
#include "log.hpp"
#include "services.hpp"
#include "setup.hpp"
#include "vocabularies.hpp"
#include "wake.hpp"
#include "weir/tokens/encoding.hpp"

namespace weir::edge {
namespace {

/// After a connection could not be accepted, mostly as all descriptors are in use.
constexpr Duration accept_pause = 100ms;

/// Keeps a signal that comes while the edge is being taken down from turning a clean exit into a
/// death: the handlers stay until all other threads (asio's resolver has one) are gone, and then
/// the last one takes no more signals.
class LateSignals {
 public:
  /// `reloads`: SIGHUP has a meaning, too.
  explicit LateSignals(bool reloads) {
    if (reloads) handlers_.add(SIGHUP);
  }
  ~LateSignals() {
    sigset_t late;
    sigemptyset(&late);
    sigaddset(&late, SIGINT);
    sigaddset(&late, SIGTERM);
    sigaddset(&late, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &late, nullptr);
  }

 private:
  asio::io_context never_run_;
  asio::signal_set handlers_{never_run_, SIGINT, SIGTERM};
};

/// Random bytes are drawn for many ids at once: each draw has a price of its own.
Id128 fresh_id() {
  static std::array<Id128, 64> drawn;
  static std::size_t left = 0;
  if (left == 0) {
    auto* const bytes = reinterpret_cast<unsigned char*>(drawn.data());
    // Without randomness ids could be guessed: better no edge than that one.
    if (RAND_bytes(bytes, sizeof(drawn)) != 1) std::abort();
    left = drawn.size();
  }
  return drawn[--left];
}

/// Each connection is a descriptor; the soft limit is often far below what the hard one allows.
void raise_descriptor_limit(const limits::Server& limits) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= limits.connections) return;
  log("only " + std::to_string(limit.rlim_cur) + " descriptors are allowed, and limits.server." +
      "connections is " + std::to_string(limits.connections) + ": raise ulimit -Hn");
}

/// The encodings that the relay counts prompts with: those of all models that are not known, and
/// others where a listed model has its own. What was loaded once stays, since answers that run are
/// counted with it.
class Encodings {
 public:
  Result<void> load(const provider::Catalog& catalog) {
    std::set<tokens::EncodingName> wanted{provider::Model().encoding};
    for (const provider::Provider& each : catalog.providers) {
      for (const provider::Model& model : each.models) wanted.insert(model.encoding);
    }
    for (const tokens::EncodingName name : wanted) {
      if (loaded_.count(name) > 0) continue;
      Result<tokens::Encoding> loaded = tokens::Encoding::load(vocabulary(name));
      if (!loaded) return loaded.error();
      loaded_.emplace(name, *std::move(loaded));
    }
    return {};
  }

  void add_to(relay::Config& config) const {
    for (const auto& [name, encoding] : loaded_) config.add(encoding);
  }

 private:
  std::map<tokens::EncodingName, tokens::Encoding> loaded_;
};

relay::Config relay_config(const Setup& setup, const Encodings& encodings) {
  relay::Config config;
  config.answer = setup.limits.answer;
  config.cache = setup.limits.cache;
  config.cache_shared = setup.cache_shared;
  config.admission = setup.limits.admission;
  config.provider = setup.limits.provider;
  config.recovery = setup.limits.recovery;
  config.fallbacks = setup.fallbacks;
  config.seed = Id128Hash()(fresh_id());
  config.digests = &digests();
  config.unix_seconds = [] { return static_cast<std::int64_t>(std::time(nullptr)); };
  config.catalog = setup.catalog;
  encodings.add_to(config);
  if (setup.log_answers) config.on_ended = record_answer;
  return config;
}

/// Puts what was set anew into force, while everything runs on.
class Reloader {
 public:
  using Reread = std::function<Result<Options>()>;

  Reloader(asio::io_context& loop, asio::thread_pool& workers, Options running, Reread reread,
           Encodings& encodings, Services& services)
      : loop_(loop),
        workers_(workers),
        running_(std::move(running)),
        reread_(std::move(reread)),
        encodings_(encodings),
        services_(services) {}

  /// Without a file there is nothing to read anew, and a terminal that hangs up ends the edge.
  bool can_reload() const { return !running_.config.empty(); }

  void reload() {
    Result<Options> options = reread_();
    if (!options) return refuse(options.error());
    const std::vector<std::string> later = needing_a_restart(running_, *options);
    options->listen_host = running_.listen_host;
    Result<Setup> setup = make_setup(*options);
    if (!setup) return refuse(setup.error());
    const Result<void> loaded = encodings_.load(setup->catalog);
    if (!loaded) return refuse(loaded.error());
    for (const std::string& name : later) {
      log(name + " was changed: that takes a restart, and stays as it is until then");
    }
    setup->limits.server.gather = running_.limits.server.gather;
    services_.driver.reconfigure(relay_config(*setup, encodings_), setup->limits.upstream);
    services_.server = setup->limits.server;
    services_.gate = std::move(setup->gate);
    services_.clients = std::move(setup->clients);
    services_.archive = setup->limits.archive;
    services_.forge_pool.set_limits(setup->limits.provider, setup->limits.upstream);
    services_.forges = std::move(setup->forges);
    take(std::move(setup->access));
    log("the configuration was read anew");
    look_into(options->packs);
  }

  /// Keys at an address are fetched where that is another one, and kept where it is not.
  void take(Access access) {
    const std::string address = access.keys_address();
    const bool same = key_source_ && key_source_->address() == address;
    if (same) access.set_keys(services_.access.keys());
    services_.access = std::move(access);
    services_.driver.set_private_packs(services_.access.private_packs());
    if (!same) key_source_.reset();
    if (address.empty()) return;
    if (!same) {
      key_source_ = std::make_unique<KeySource>(
          services_.driver.pool(), address, services_.access.limits(),
          [this](KeySet keys) { services_.access.set_keys(std::move(keys)); });
    }
    services_.access.on_unknown_key = [this] { key_source_->look_again(); };
  }

  /// For packs that came, went or were replaced: by a worker, since it reads through what is new.
  void look_into(const std::string& folder) {
    const int look = ++looks_;
    asio::post(workers_, [this, look, folder, earlier = services_.packs] {
      auto found = std::make_shared<Result<Packs>>(Packs::load(folder, earlier.get()));
      asio::post(loop_, [this, look, found = std::move(found)] {
        if (look == looks_) take(std::move(*found));
      });
    });
  }

  /// Nothing is fetched any more.
  void stop() { key_source_.reset(); }

 private:
  static void refuse(const Error& error) {
    log_error(error);
    log("the configuration was not read anew: everything stays as it is");
  }

  void take(Result<Packs> found) {
    if (!found) {
      log_error(found.error());
      return log("the packs stay as they are");
    }
    services_.packs = std::make_shared<const Packs>(*std::move(found));
    services_.driver.set_packs(services_.packs);
    log("packs: " + std::to_string(services_.packs->size()));
  }

  asio::io_context& loop_;
  asio::thread_pool& workers_;
  int looks_ = 0;  ///< only the last one counts
  Options running_;
  Reread reread_;
  Encodings& encodings_;
  Services& services_;
  std::unique_ptr<KeySource> key_source_;
};

/// Accepts connections and, on a signal, sees them off. Everything runs on the thread of run().
class Server {
 public:
  Server(asio::io_context& loop, tcp::acceptor acceptor, bool shares_port, Services& services,
         Reloader& reloader)
      : loop_(loop),
        acceptor_(std::move(acceptor)),
        shares_port_(shares_port),
        signals_(loop, SIGINT, SIGTERM),
        hangups_(loop),
        all_gone_(loop.get_executor()),
        services_(services),
        reloader_(reloader) {}

  void run() {
    services_.registry.on_empty = [this] { all_gone_.raise(); };
    asio::co_spawn(loop_, accept_connections(), asio::detached);
    asio::co_spawn(loop_, wait_for_signal(), asio::detached);
    if (reloader_.can_reload()) asio::co_spawn(loop_, reload_on_signals(), asio::detached);
    const tcp::endpoint endpoint = acceptor_.local_endpoint();
    const bool is_address6 = endpoint.address().is_v6();
    const std::string host = endpoint.address().to_string();
    std::printf("listening on http://%s:%u\n", (is_address6 ? "[" + host + "]" : host).c_str(),
                unsigned{endpoint.port()});
    std::fflush(stdout);
    if (services_.server.gather == Duration::zero()) {
      loop_.run();
    } else {
      run_in_gathered_turns();
    }
  }

 private:
  /// What comes while the edge sleeps is served in one turn.
  void run_in_gathered_turns() {
    while (loop_.run_one() > 0) {
      loop_.poll();
      std::this_thread::sleep_for(services_.server.gather);
    }
  }

  Task<> accept_connections() {
    bool failing = false;
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(no_throw);
      if (error == asio::error::operation_aborted) co_return;
      if (failing != error.failed()) {
        log(error ? "no connection is accepted: " + error.message() : "connections are accepted");
      }
      failing = error.failed();
      if (error) {
        co_await pause(accept_pause);
      } else {
        take(std::move(socket));
      }
    }
  }

  void take(tcp::socket socket) {
    if (services_.registry.size() >= services_.server.connections) return;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    std::make_shared<Connection>(services_, std::move(socket))->start();
  }

  /// Closing the listening socket resets what is still in its queue, whose clients hold it for a
  /// connection: all of that is taken first. Where other edges stay on the port, none are reset
  /// that were being made either.
  Task<> stop_accepting() {
    if (shares_port_) {
      hold_back_new_connections(acceptor_);
      co_await pause(services_.server.handshake);
    }
    error_code error;
    acceptor_.non_blocking(true, error);
    while (!error) {
      tcp::socket socket(loop_);
      acceptor_.accept(socket, error);
      if (!error) take(std::move(socket));
    }
    acceptor_.close(error);
  }

  Task<> pause(Duration duration) {
    asio::steady_timer timer(loop_, duration);
    co_await timer.async_wait(no_throw);
  }

  Task<> reload_on_signals() {
    hangups_.add(SIGHUP);
    for (;;) {
      auto [error, signal] = co_await hangups_.async_wait(no_throw);
      if (error) co_return;
      reloader_.reload();
    }
  }

  Task<> wait_for_signal() {
    co_await signals_.async_wait(no_throw);
    log("draining");
    services_.draining = true;
    signals_.async_wait([this](error_code error, int) {
      if (!error) hurry();
    });
    const Instant deadline = now() + services_.server.drain;
    co_await stop_accepting();
    co_await pause(
        services_.server.handshake);  // the newest connections' requests are on their way
    services_.registry.close_all(false);
    while (services_.registry.size() > 0 && !hurried_ && now() < deadline) {
      co_await all_gone_.sleep(deadline);
    }
    services_.registry.close_all(true);
    reloader_.stop();
    services_.driver.stop();
    services_.forge_pool.close();
    error_code ignored;
    signals_.cancel(ignored);
    hangups_.cancel(ignored);
    log("stopped");
  }

  void hurry() {
    hurried_ = true;
    all_gone_.raise();
  }

  asio::io_context& loop_;
  tcp::acceptor acceptor_;
  bool shares_port_;
  asio::signal_set signals_;
  asio::signal_set hangups_;
  Wake all_gone_;
  Services& services_;
  Reloader& reloader_;
  bool hurried_ = false;
};

}  // namespace

Result<void> run_server(const Options& options, const std::function<Result<Options>()>& reread) {
  Result<Setup> setup = make_setup(options);
  if (!setup) return setup.error();
  raise_descriptor_limit(setup->limits.server);
  Result<Proxies> proxies = Proxies::from_environment(environment_variable);
  if (!proxies) return proxies.error();
  Result<Packs> found = Packs::load(options.packs);
  if (!found) return found.error();
  const auto packs = std::make_shared<const Packs>(*std::move(found));
  Result<Site> site = Site::load(options.site);
  if (!site) return site.error();
  Encodings encodings;
  if (const Result<void> loaded = encodings.load(setup->catalog); !loaded) return loaded.error();

  const LateSignals late_signals(!options.config.empty());
  asio::io_context loop(1);
  Result<tcp::acceptor> acceptor = listen(loop, options);
  if (!acceptor) return acceptor.error();
  asio::thread_pool workers(options.threads);
  UpstreamPool forge_pool(loop.get_executor(), *proxies, setup->limits.provider,
                          setup->limits.upstream);
  RelayDriver driver(loop, workers, packs, relay_config(*setup, encodings), *std::move(proxies),
                     setup->limits.upstream);
  Registry registry;
  Services services{std::move(setup->gate),
                    *std::move(site),
                    packs,
                    driver,
                    registry,
                    fresh_id,
                    setup->limits.server,
                    {},
                    setup->limits.archive,
                    std::move(setup->clients),
                    std::move(setup->access),
                    std::move(setup->forges),
                    forge_pool};
  forge_pool.restrict([&services](const Origin& origin, const IpAddress& address) {
    return may_connect(services.forges, origin, address);
  });
  Reloader reloader(loop, workers, options, reread, encodings, services);
  reloader.take(services.access);
  Server(loop, *std::move(acceptor), options.share_port, services, reloader).run();
  workers.join();
  return {};
}

}  // namespace weir::edge
