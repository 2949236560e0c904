#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "weir/base/time.hpp"
#include "weir/provider/provider.hpp"
#include "weir/relay/histogram.hpp"

namespace weir::relay {

/// Seconds, as OpenTelemetry advises for what clients of models measure
/// (https://github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-metrics.md).
constexpr std::array<double, 14> seconds_bounds = {0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                                   1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
/// Tokens; from there as well.
constexpr std::array<double, 14> tokens_bounds = {
    1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};

/// What calls of one model came to.
struct ModelFigures {
  /// From the request to the response's end, by the error that ended it; empty: it went well.
  std::map<std::string, Histogram, std::less<>> duration;
  Histogram first_chunk{seconds_bounds};  ///< from the request to the first of the answer
  Histogram next_chunk{seconds_bounds};   ///< from each to the next
  Histogram input_tokens{tokens_bounds};  ///< as the provider counts them
  Histogram output_tokens{tokens_bounds};
};

/// The figures of all calls, by operation ("chat", "embeddings": OpenTelemetry's names), provider
/// and model. Whoever asks can name any model: those that are not listed share one place, so that
/// what is kept stays small.
class CallFigures {
 public:
  static constexpr std::string_view other_models = "_OTHER";
  struct Key {
    std::string operation;
    std::string provider;
    std::string model;
    friend bool operator<(const Key& a, const Key& b) {
      return std::tie(a.operation, a.provider, a.model) <
             std::tie(b.operation, b.provider, b.model);
    }
  };
  using ByModel = std::map<Key, ModelFigures>;

  /// The model's name, or other_models where whoever asked may have made it up.
  static std::string shown_name(const provider::Provider& provider, const provider::Model& model);

  /// Stays where it is for as long as this lives.
  ModelFigures& of(std::string_view operation, const provider::Provider& provider,
                   const provider::Model& model);
  const ByModel& by_model() const { return by_model_; }

 private:
  ByModel by_model_;
};

/// One call, from its request on.
struct CallClock {
  ModelFigures* figures = nullptr;  ///< null: nothing is called, the answer is made in place
  Instant began;
  Instant last_chunk;
  bool has_chunk = false;

  /// Something of the answer has come.
  void note_chunk(Instant now);
  void note_tokens(std::uint32_t input, std::uint32_t output) const;
  void note_input(std::uint32_t tokens) const;  ///< of what has no output
  /// The call is over; `error` is empty where it went well. Counts once.
  void end(std::string_view error, Instant now);
};

}  // namespace weir::relay
