#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/provider/provider.hpp"

namespace weir::provider {

struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< of temporary credentials; may be empty
};

/// Signs a request by AWS Signature Version 4
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html):
/// adds `x-amz-date`, `x-amz-security-token` where there is one, and `authorization`. Signed are
/// the host, the content type and every x-amz- header: what proxies leave alone. The URL's path and
/// query must be percent-encoded already; nothing may be changed afterwards.
void sign(HttpRequest& request, const AwsCredentials& credentials, std::string_view region,
          std::string_view service, std::int64_t unix_seconds, const Digests& digests);

}  // namespace weir::provider
