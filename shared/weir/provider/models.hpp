#pragma once

#include <string_view>
#include <vector>

#include "weir/provider/provider.hpp"

namespace weir::provider {

/// The OpenAI models that are known by name.
std::vector<Model> openai_models();

/// What is known of the model `id`: the model itself, or the one that it is a dated snapshot of
/// ("gpt-4o-2024-08-06"). For any other id the default budget, and an estimate by o200k_base.
Model find_model(const std::vector<Model>& known, std::string_view id);

}  // namespace weir::provider
