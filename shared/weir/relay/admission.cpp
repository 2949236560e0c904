#include "weir/relay/admission.hpp"

#include <algorithm>
#include <utility>

namespace weir::relay {
namespace {

constexpr Duration minute = 1min;

/// "model" alone may be two providers' name for two things.
std::string model_key(const Admission::Ask& ask) {
  return ask.provider + "/" + ask.model;
}

double share_of_minute(Duration duration) {
  return std::chrono::duration<double>(duration) / std::chrono::duration<double>(minute);
}

/// How long until what grows by `per_minute` has come from `has` to `needs`.
Duration time_to(double has, double needs, double per_minute) {
  if (has >= needs) return 0s;
  const auto wait = std::chrono::duration<double>(minute) * ((needs - has) / per_minute);
  return std::chrono::ceil<Duration>(wait);
}

void count_down(std::unordered_map<std::string, std::size_t>& counts, const std::string& key) {
  const auto found = counts.find(key);
  if (--found->second == 0) counts.erase(found);
}

std::size_t count_of(const std::unordered_map<std::string, std::size_t>& counts,
                     const std::string& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

Priority priority_of(std::string_view name) {
  if (name == "research") return Priority::research;
  if (name == "batch") return Priority::batch;
  return Priority::interactive;
}

void Admission::set_limits(const limits::Admission& limits) {
  limits_ = limits;
  for (auto& [id, client] : clients_) client.allowance.reset();
}

Admission::Outcome Admission::enter(Ask ask, Instant now) {
  tidy(now);
  if (auto refused = refusal(ask, now)) return *std::move(refused);
  const bool runs = until_allowed(ask.client.id, now) == 0s && has_room(ask);
  Known& client = clients_[ask.client.id];
  const std::uint64_t turn = std::max(client.turn, turn_);
  client.turn = turn + 1;
  if (runs) {
    run(ask, turn, now);
    return Runs{};
  }
  ++client.waiting;
  const Id id = ask.id;
  waiting_.emplace(id, Waiting{std::move(ask), now, ++arrivals_, turn});
  const std::vector<Id> order = queue(now);
  const auto place = std::find(order.begin(), order.end(), id) - order.begin();
  return Waits{static_cast<std::size_t>(place) + 1};
}

std::optional<Admission::Outcome> Admission::refusal(const Ask& ask, Instant now) {
  if (ask.client.rights) clients_[ask.client.id].rights = ask.client.rights;
  const Duration wait = until_allowed(ask.client.id, now);
  if (wait > limits_.queue_wait) return TooMany{wait};
  if (wait == 0s && has_room(ask)) return std::nullopt;
  const auto found = clients_.find(ask.client.id);
  const std::size_t ahead =
      ask.client.id == 0 || found == clients_.end() ? 0 : found->second.waiting;
  if (waiting_.size() < limits_.queue && ahead < limits_.queue_per_client) return std::nullopt;
  return QueueFull{limits_.retry_after};
}

void Admission::hold(Id id, bool held) {
  const auto found = waiting_.find(id);
  if (found != waiting_.end()) found->second.held = held;
}

void Admission::run(const Ask& ask, std::uint64_t turn, Instant now) {
  Known& client = clients_[ask.client.id];
  turn_ = std::max(turn_, turn);
  ++client.running;
  ++at_provider_[ask.provider];
  ++at_model_[model_key(ask)];
  charge(ask.client.id, {1, ask.tokens}, now);
  running_.emplace(ask.id, ask);
}

void Admission::leave(Id id) {
  if (const auto ran = running_.find(id); ran != running_.end()) {
    const Ask& ask = ran->second;
    count_down(at_provider_, ask.provider);
    count_down(at_model_, model_key(ask));
    --clients_[ask.client.id].running;
    running_.erase(ran);
    return;
  }
  const auto waited = waiting_.find(id);
  if (waited == waiting_.end()) return;
  // Its client's further ones move up, as if it had never come.
  const std::uint64_t client_id = waited->second.ask.client.id;
  const std::uint64_t turn = waited->second.turn;
  waiting_.erase(waited);
  for (auto& [other, waiting] : waiting_) {
    if (waiting.ask.client.id == client_id && waiting.turn > turn) --waiting.turn;
  }
  Known& client = clients_[client_id];
  --client.waiting;
  --client.turn;
}

std::optional<Admission::Outcome> Admission::enter_embedding(const Client& client,
                                                             std::uint64_t tokens, Instant now) {
  tidy(now);
  Known& known = clients_[client.id];
  if (client.rights) known.rights = client.rights;
  const bool is_full = embeddings_ >= limits_.embeddings ||
                       (client.id != 0 && known.embeddings >= limits_.embeddings_per_client);
  if (is_full) return QueueFull{limits_.retry_after};
  const Duration wait = until_allowed(client.id, now);
  if (wait > 0s) return TooMany{wait};
  charge(client.id, {1, tokens}, now);
  ++known.embeddings;
  ++embeddings_;
  return std::nullopt;
}

void Admission::leave_embedding(std::uint64_t client) {
  --clients_[client].embeddings;
  --embeddings_;
}

void Admission::raise(Id id, Priority priority) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  Priority& its = found->second.ask.priority;
  its = std::min(its, priority);
}

void Admission::charge(std::uint64_t client, const Cost& cost, Instant now) {
  const Share share = share_of(client);
  if (client == 0 || (share.requests == 0 && share.tokens == 0)) return;
  Allowance left = allowance_of(client, now);
  if (share.requests > 0) left.requests -= static_cast<double>(cost.requests);
  if (share.tokens > 0) left.tokens -= static_cast<double>(cost.tokens);
  clients_[client].allowance = left;
}

std::optional<Admission::Id> Admission::next(Instant now) {
  const auto found = best(now);
  if (found == waiting_.end()) return std::nullopt;
  const Waiting chosen = found->second;
  waiting_.erase(found);
  --clients_[chosen.ask.client.id].waiting;
  run(chosen.ask, chosen.turn, now);
  return chosen.ask.id;
}

std::map<Admission::Id, Admission::Waiting>::const_iterator Admission::best(Instant now) const {
  auto best = waiting_.end();
  Order order;
  for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
    const Order its = order_of(each->second, now);
    if (best != waiting_.end() && order <= its) continue;
    if (!may_run(each->second, now)) continue;
    best = each;
    order = its;
  }
  return best;
}

bool Admission::may_run(const Waiting& waiting, Instant now) const {
  return !waiting.held && has_room(waiting.ask) && until_allowed(waiting.ask.client.id, now) == 0s;
}

std::optional<Instant> Admission::deadline(Instant now) const {
  std::optional<Instant> first;
  for (const auto& [id, waiting] : waiting_) {
    if (waiting.held || !has_room(waiting.ask)) continue;
    const Instant at = now + until_allowed(waiting.ask.client.id, now);
    if (!first || at < *first) first = at;
  }
  return first;
}

std::vector<Admission::Id> Admission::queue(Instant now) const {
  std::vector<std::pair<Order, Id>> ordered;
  ordered.reserve(waiting_.size());
  for (const auto& [id, waiting] : waiting_) {
    if (!waiting.held) ordered.emplace_back(order_of(waiting, now), id);
  }
  std::sort(ordered.begin(), ordered.end());
  std::vector<Id> ids;
  ids.reserve(ordered.size());
  for (const auto& [order, id] : ordered) ids.push_back(id);
  return ids;
}

Admission::Order Admission::order_of(const Waiting& waiting, Instant now) const {
  const auto rank = static_cast<std::size_t>(waiting.ask.priority);
  const auto lifted = static_cast<std::size_t>((now - waiting.since) / limits_.ageing);
  return {rank - std::min(rank, lifted), waiting.turn, waiting.number};
}

Admission::Share Admission::share_of(std::uint64_t client) const {
  Share share{limits_.running_per_client, limits_.requests_per_minute, limits_.tokens_per_minute};
  const auto found = clients_.find(client);
  if (found == clients_.end() || !found->second.rights) return share;
  const ClientRights& rights = *found->second.rights;
  return {rights.running.value_or(share.running),
          rights.requests_per_minute.value_or(share.requests),
          rights.tokens_per_minute.value_or(share.tokens)};
}

/// A limit of 0 is none.
bool Admission::has_room(const Ask& ask) const {
  const auto below = [](std::size_t count, std::size_t most) { return most == 0 || count < most; };
  const auto client = clients_.find(ask.client.id);
  const std::size_t of_client =
      ask.client.id == 0 || client == clients_.end() ? 0 : client->second.running;
  if (!below(running_.size(), limits_.running)) return false;
  if (!below(of_client, share_of(ask.client.id).running)) return false;
  // Mostly not limited, and then not looked up: this is on every answer's way.
  const std::size_t at_provider = limits_.running_per_provider;
  if (at_provider > 0 && count_of(at_provider_, ask.provider) >= at_provider) return false;
  const std::size_t at_model = limits_.running_per_model;
  return at_model == 0 || count_of(at_model_, model_key(ask)) < at_model;
}

Admission::Allowance Admission::allowance_of(std::uint64_t client, Instant now) const {
  const Share share = share_of(client);
  const auto requests = static_cast<double>(share.requests);
  const auto tokens = static_cast<double>(share.tokens);
  const auto found = clients_.find(client);
  if (found == clients_.end() || !found->second.allowance) return {requests, tokens, now};
  Allowance left = *found->second.allowance;
  const double grown = share_of_minute(now - left.at);
  left.requests = std::min(requests, left.requests + requests * grown);
  left.tokens = std::min(tokens, left.tokens + tokens * grown);
  left.at = now;
  return left;
}

Duration Admission::until_allowed(std::uint64_t client, Instant now) const {
  if (client == 0) return 0s;
  const Share share = share_of(client);
  const Allowance left = allowance_of(client, now);
  Duration wait = 0s;
  if (share.requests > 0) wait = time_to(left.requests, 1, static_cast<double>(share.requests));
  if (share.tokens > 0) {
    wait = std::max(wait, time_to(left.tokens, 1, static_cast<double>(share.tokens)));
  }
  return wait;
}

/// Once a minute, when whoever did nothing in it has nothing to be remembered for.
void Admission::tidy(Instant now) {
  if (now - tidied_ < minute) return;
  tidied_ = now;
  std::erase_if(clients_, [&](const auto& entry) {
    const auto& [id, client] = entry;
    const Share share = share_of(id);
    const Allowance left = allowance_of(id, now);
    return client.running == 0 && client.waiting == 0 && client.embeddings == 0 &&
           left.requests >= static_cast<double>(share.requests) &&
           left.tokens >= static_cast<double>(share.tokens);
  });
}

}  // namespace weir::relay
