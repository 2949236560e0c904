#include "metrics.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "metrics_text.hpp"

namespace weir::edge {
namespace {

using relay::ModelFigures;

/// By the names that OpenTelemetry gives the providers it knows; others have our own.
std::string_view provider_name(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> known = {{
      {"azure", "azure.ai.openai"},
      {"bedrock", "aws.bedrock"},
      {"google", "gcp.gemini"},
  }};
  for (const auto& [ours, theirs] : known) {
    if (name == ours) return theirs;
  }
  return name;
}

MetricsText::Labels labels_of(const relay::CallFigures::ByModel::key_type& key) {
  return {{"gen_ai_operation_name", key.operation},
          {"gen_ai_provider_name", provider_name(key.provider)},
          {"gen_ai_request_model", key.model}};
}

void write_calls(MetricsText& text, const relay::CallFigures::ByModel& calls) {
  text.begin("gen_ai_client_operation_duration_seconds", "histogram",
             "From a call of a provider to the end of its response.");
  for (const auto& [key, model] : calls) {
    for (const auto& [error, durations] : model.duration) {
      MetricsText::Labels labels = labels_of(key);
      if (!error.empty()) labels.emplace_back("error_type", error);
      text.histogram(durations, labels);
    }
  }
  text.begin("gen_ai_client_operation_time_to_first_chunk_seconds", "histogram",
             "From a call of a provider to the first of its answer.");
  for (const auto& [key, model] : calls) text.histogram(model.first_chunk, labels_of(key));
  text.begin("gen_ai_client_operation_time_per_output_chunk_seconds", "histogram",
             "From each piece of an answer to the next.");
  for (const auto& [key, model] : calls) text.histogram(model.next_chunk, labels_of(key));
  text.begin("gen_ai_client_token_usage", "histogram", "Tokens of a call, as its provider counts.");
  for (const auto& [key, model] : calls) {
    MetricsText::Labels labels = labels_of(key);
    labels.emplace_back("gen_ai_token_type", "input");
    text.histogram(model.input_tokens, labels);
    labels.back().second = "output";
    text.histogram(model.output_tokens, labels);
  }
}

void write_codes(MetricsText& text, std::string_view name, std::string_view help,
                 std::string_view label, const relay::Meters::ByCode& counts) {
  text.begin(name, "counter", help);
  for (const auto& [code, count] : counts) {
    text.sample(static_cast<double>(count), {{label, code}});
  }
}

void write_relay(MetricsText& text, const relay::Figures& figures, const relay::Meters& meters) {
  const auto gauge = [&](std::string_view name, std::string_view help, std::size_t value) {
    text.single(name, "gauge", help, static_cast<double>(value));
  };
  gauge("weir_answers", "Answers kept, running or ended.", figures.answers);
  gauge("weir_answers_running", "Answers that are not ended.", figures.running);
  gauge("weir_answers_queued", "Of these, answers that wait for their turn.", figures.queued);
  gauge("weir_readers", "Readers of answers.", figures.readers);
  gauge("weir_log_bytes", "Memory of the answers' logs.", figures.log_bytes);
  gauge("weir_cached_answers", "Ended answers kept for who asks the same.", figures.cached);
  gauge("weir_cached_bytes", "Memory of their logs.", figures.cached_bytes);
  text.single("weir_runs_started_total", "counter", "Provider calls since the start.",
              static_cast<double>(figures.runs_started));
  text.single("weir_resumes_total", "counter", "Known answers followed or asked for again.",
              static_cast<double>(meters.resumes));
  write_codes(text, "weir_answers_ended_total", "Answers that have ended.", "outcome",
              meters.ended);
  write_codes(text, "weir_answers_reused_total",
              "Asks that were given the answer of an equal one, which was running or had ended.",
              "answer", meters.reused);
  write_codes(text, "weir_refused_total", "Asks, follows and cancels that were refused.", "code",
              meters.refused);
  text.begin("weir_queue_wait_seconds", "histogram", "Of answers that waited for their turn.");
  text.histogram(meters.queue_wait, {});
}

void write_upstream(MetricsText& text, const UpstreamFigures& figures) {
  const auto counter = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    text.single(name, "counter", help, static_cast<double>(value));
  };
  counter("weir_upstream_connections_opened_total",
          "Connections to providers opened since the start.", figures.opened);
  counter("weir_upstream_connections_reused_total",
          "Provider calls over a kept connection since the start.", figures.reused);
  counter("weir_upstream_tls_resumed_total",
          "Connections whose handshake went on with an earlier session, since the start.",
          figures.resumed);
  text.single("weir_upstream_reuse_ratio", "gauge",
              "The share of provider calls over a kept connection, since the start.",
              figures.reuse());
  text.single("weir_upstream_connections_open", "gauge", "Connections to providers now.",
              static_cast<double>(figures.open));
  text.single("weir_upstream_requests_waiting", "gauge",
              "Provider calls that wait for a connection.", static_cast<double>(figures.waiting));
  text.single("weir_upstream_connections_idle", "gauge",
              "Connections to providers kept for the next call.",
              static_cast<double>(figures.idle));
}

}  // namespace

Reply metrics_reply(const EdgeFigures& figures) {
  MetricsText text;
  write_calls(text, figures.meters.calls.by_model());
  write_relay(text, figures.relay, figures.meters);
  write_upstream(text, figures.upstream);
  const auto gauge = [&](std::string_view name, std::string_view help, std::size_t value) {
    text.single(name, "gauge", help, static_cast<double>(value));
  };
  gauge("weir_connections", "Open client connections.", figures.connections);
  gauge("weir_embeddings", "Requests for embeddings under way.", figures.relay.embeddings);
  gauge("process_resident_memory_bytes", "Resident memory.", figures.process.resident_bytes);
  gauge("process_open_fds", "Open file descriptors.", figures.process.open_descriptors);
  Reply reply = text_reply(text.take());
  reply.headers[0].second = "text/plain; version=0.0.4; charset=utf-8";
  return reply;
}

}  // namespace weir::edge
