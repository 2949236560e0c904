#include "limits_config.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <variant>

#include "wrong.hpp"

namespace weir::edge {
namespace {

using Limit = std::variant<std::size_t*, std::uint32_t*, Duration*>;
using Group = std::map<std::string_view, Limit>;

std::map<std::string_view, Group> groups_of(limits::Edge& limits) {
  auto& [answer, admission, provider, recovery, upstream, server, archive] = limits;
  return {
      {"answer",
       {{"log_bytes", &answer.log_bytes},
        {"all_logs_bytes", &answer.all_logs_bytes},
        {"answers", &answer.answers},
        {"readers_per_answer", &answer.readers_per_answer},
        {"joined_delta_bytes", &answer.joined_delta_bytes},
        {"linger", &answer.linger},
        {"retention", &answer.retention}}},
      {"admission",
       {{"running", &admission.running},
        {"running_per_client", &admission.running_per_client},
        {"running_per_provider", &admission.running_per_provider},
        {"running_per_model", &admission.running_per_model},
        {"requests_per_minute", &admission.requests_per_minute},
        {"tokens_per_minute", &admission.tokens_per_minute},
        {"queue", &admission.queue},
        {"queue_per_client", &admission.queue_per_client},
        {"queue_wait", &admission.queue_wait},
        {"ageing", &admission.ageing},
        {"embeddings", &admission.embeddings},
        {"retry_after", &admission.retry_after},
        {"positions", &admission.positions}}},
      {"provider",
       {{"connect", &provider.connect},
        {"tls", &provider.tls},
        {"first_byte", &provider.first_byte},
        {"between_bytes", &provider.between_bytes},
        {"whole_answer", &provider.whole_answer},
        {"retrieval", &provider.retrieval},
        {"error_body_bytes", &provider.error_body_bytes},
        {"line_bytes", &provider.line_bytes},
        {"embeddings_bytes", &provider.embeddings_bytes}}},
      {"recovery",
       {{"retries", &recovery.retries},
        {"retry_first", &recovery.retry_first},
        {"retry_most", &recovery.retry_most},
        {"wait_most", &recovery.wait_most},
        {"whole", &recovery.whole},
        {"continuations", &recovery.continuations},
        {"breaker_failures", &recovery.breaker_failures},
        {"breaker_rest", &recovery.breaker_rest},
        {"key_rest", &recovery.key_rest},
        {"key_rest_most", &recovery.key_rest_most},
        {"hedge", &recovery.hedge},
        {"explanation", &recovery.explanation}}},
      {"upstream",
       {{"idle_per_origin", &upstream.idle_per_origin},
        {"idle", &upstream.idle},
        {"response_end", &upstream.response_end},
        {"response_end_bytes", &upstream.response_end_bytes},
        {"header_bytes", &upstream.header_bytes}}},
      {"server",
       {{"header_bytes", &server.header_bytes},
        {"connections", &server.connections},
        {"answers_per_socket", &server.answers_per_socket},
        {"request_read", &server.request_read},
        {"idle", &server.idle},
        {"keep_alive", &server.keep_alive},
        {"first_event", &server.first_event},
        {"poll_most", &server.poll_most},
        {"poll_gather", &server.poll_gather},
        {"write", &server.write},
        {"drain", &server.drain},
        {"handshake", &server.handshake},
        {"gather", &server.gather}}},
      {"archive",
       {{"bytes", &archive.bytes},
        {"waiting_bytes", &archive.waiting_bytes},
        {"running", &archive.running},
        {"redirects", &archive.redirects},
        {"head", &archive.head},
        {"between_bytes", &archive.between_bytes},
        {"whole", &archive.whole}}},
  };
}

Error unknown(const std::string& path) {
  return {ErrorCode::invalid_request, path + " is not a limit.",
          "The limits and their names are listed in the edge's README."};
}

Result<void> set(const Limit& limit, const json::Value& value, const std::string& path) {
  if (auto* const* size = std::get_if<std::size_t*>(&limit)) {
    constexpr std::uint64_t size_most = std::uint64_t{1} << 40;
    if (!value.is_number_unsigned() || value > size_most) return wrong(path, "a whole number");
    **size = value.get<std::size_t>();
    return {};
  }
  if (auto* const* count = std::get_if<std::uint32_t*>(&limit)) {
    constexpr std::uint32_t count_most = 1'000'000;
    if (!value.is_number_unsigned() || value > count_most) return wrong(path, "a whole number");
    **count = value.get<std::uint32_t>();
    return {};
  }
  constexpr double days_most = 30;
  constexpr double seconds_a_day = 86'400;
  if (!value.is_number() || value < 0 || value > days_most * seconds_a_day) {
    return wrong(path, "a number of seconds, at most 30 days");
  }
  *std::get<Duration*>(limit) =
      std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value.get<double>()));
  return {};
}

}  // namespace

Result<void> apply_limits(limits::Edge& limits, const json::Value& value, const std::string& path) {
  if (!value.is_object()) return wrong(path, "an object");
  const auto groups = groups_of(limits);
  for (const auto& [group_name, members] : value.items()) {
    const std::string group_path = path + "." + group_name;
    const auto group = groups.find(group_name);
    if (group == groups.end()) return unknown(group_path);
    if (!members.is_object()) return wrong(group_path, "an object");
    for (const auto& [name, limit] : members.items()) {
      const auto found = group->second.find(name);
      if (found == group->second.end()) return unknown(group_path + "." + name);
      if (auto applied = set(found->second, limit, group_path + "." + name); !applied) {
        return applied;
      }
    }
  }
  return {};
}

}  // namespace weir::edge
