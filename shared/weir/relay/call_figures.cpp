#include "weir/relay/call_figures.hpp"

namespace weir::relay {
namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

std::string CallFigures::shown_name(const provider::Provider& provider,
                                    const provider::Model& model) {
  const bool listed = model.known || model.id == provider.default_model;
  return listed ? model.id : std::string(other_models);
}

ModelFigures& CallFigures::of(std::string_view operation, const provider::Provider& provider,
                              const provider::Model& model) {
  return by_model_[{std::string(operation), provider.name, shown_name(provider, model)}];
}

void CallClock::note_chunk(Instant now) {
  if (!figures) return;
  if (has_chunk) {
    figures->next_chunk.observe(seconds(now - last_chunk));
  } else {
    figures->first_chunk.observe(seconds(now - began));
  }
  has_chunk = true;
  last_chunk = now;
}

void CallClock::note_tokens(std::uint32_t input, std::uint32_t output) const {
  if (!figures) return;
  figures->input_tokens.observe(input);
  figures->output_tokens.observe(output);
}

void CallClock::note_input(std::uint32_t tokens) const {
  if (figures) figures->input_tokens.observe(tokens);
}

void CallClock::end(std::string_view error, Instant now) {
  if (!figures) return;
  auto found = figures->duration.find(error);
  if (found == figures->duration.end()) {
    found = figures->duration.emplace(std::string(error), Histogram(seconds_bounds)).first;
  }
  found->second.observe(seconds(now - began));
  figures = nullptr;
}

}  // namespace weir::relay
