#pragma once

#include <memory>

#include "weir/provider/call.hpp"

namespace weir::provider {

/// Alibaba Cloud Model Studio. Which of its two interfaces is spoken, the base URL says: the
/// compatible one ends with /compatible-mode/v1
/// (https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope), its
/// own with /api/v1 (https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-dashscope).
HttpRequest dashscope_request(const Call& call);

std::unique_ptr<StreamCodec> dashscope_codec(const Call& call);

}  // namespace weir::provider
