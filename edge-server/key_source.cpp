#include "key_source.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "clock.hpp"
#include "log.hpp"

namespace weir::edge {

KeySource::KeySource(UpstreamPool& pool, std::string address, const limits::Access& limits,
                     Give give)
    : pool_(pool),
      address_(std::move(address)),
      limits_(limits),
      give_(std::move(give)),
      timer_(pool.executor()) {
  fetch();
}

KeySource::~KeySource() {
  stop();
}

void KeySource::stop() {
  timer_.cancel();
  if (const auto upstream = std::exchange(upstream_, nullptr)) upstream->close();
}

void KeySource::look_again() {
  if (upstream_ || std::exchange(looks_again_, true)) return;
  const Duration since = now() - fetched_at_;
  wait_for(since < limits_.refresh_least ? limits_.refresh_least - since : 0s, &KeySource::fetch);
}

void KeySource::fetch() {
  looks_again_ = false;
  fetched_at_ = now();
  status_ = 0;
  body_.clear();
  provider::HttpRequest request;
  request.method = "GET";
  request.url = address_;
  request.headers = {{"Accept", "application/jwk-set+json, application/json"}};
  upstream_ = std::make_shared<Upstream>(pool_, 0, [this](relay::Input input) { take(input); });
  wait_for(limits_.fetch, &KeySource::give_up);
  upstream_->start(request);
}

void KeySource::take(const relay::Input& input) {
  constexpr int fine = 200;
  if (const auto* head = std::get_if<relay::ProviderHead>(&input)) {
    status_ = head->status;
    if (status_ != fine) end("the answer is " + std::to_string(status_));
  } else if (const auto* bytes = std::get_if<relay::ProviderBytes>(&input)) {
    body_ += bytes->bytes;
    if (body_.size() > limits_.keys_bytes) end("they are larger than is read");
  } else if (const auto* failed = std::get_if<relay::ProviderFailed>(&input)) {
    end(failed->message);
  } else if (const auto* ended = std::get_if<relay::ProviderEnded>(&input)) {
    if (!ended->clean) return end("the connection broke off");
    Result<KeySet> keys = KeySet::read(body_, KeySet::From::address);
    if (!keys) return end(keys.error().message);
    give_(*std::move(keys));
    end({});
  }
}

void KeySource::give_up() {
  end("they did not come in time");
}

/// With an empty `failure`: the keys have come.
void KeySource::end(const std::string& failure) {
  if (const auto upstream = std::exchange(upstream_, nullptr)) upstream->close();
  if (!failure.empty()) log("the keys for tokens were not fetched: " + failure);
  wait_for(failure.empty() ? limits_.refresh : limits_.refresh_least, &KeySource::fetch);
}

/// However it was set, nobody is asked without a pause.
void KeySource::wait_for(Duration wait, void (KeySource::*then)()) {
  timer_.expires_after(std::max<Duration>(wait, 100ms));
  timer_.async_wait([this, then, alive = std::weak_ptr(alive_)](error_code error) {
    if (!error && !alive.expired()) (this->*then)();
  });
}

}  // namespace weir::edge
