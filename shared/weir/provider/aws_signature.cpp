#include "weir/provider/aws_signature.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "weir/provider/url.hpp"

namespace weir::provider {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string hex(const Digests::Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string_view as_view(const Digests::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// -- time

void append_padded(std::string& out, std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  out.append(digits > text.size() ? digits - text.size() : 0, '0').append(text);
}

/// The proleptic Gregorian calendar, counted in eras of 400 years that begin in March, so that a
/// leap day is a year's last.
std::string date_of(std::int64_t unix_days) {
  constexpr std::int64_t days_per_era = 146'097;
  const std::int64_t days = unix_days + 719'468;  // since 1 March of the year 0
  const std::int64_t era = days / days_per_era;
  const std::int64_t day_of_era = days % days_per_era;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  std::string out;
  append_padded(out, year_of_era + era * 400 + (month <= 2 ? 1 : 0), 4);
  append_padded(out, month, 2);
  append_padded(out, day, 2);
  return out;
}

/// "20150830T123600Z"
std::string timestamp_of(std::int64_t unix_seconds) {
  constexpr std::int64_t per_day = 86'400;
  const std::int64_t seconds = std::max<std::int64_t>(unix_seconds, 0);
  std::string out = date_of(seconds / per_day) + "T";
  append_padded(out, seconds % per_day / 3600, 2);
  append_padded(out, seconds % 3600 / 60, 2);
  append_padded(out, seconds % 60, 2);
  return out + "Z";
}

// -- the canonical request

struct Url {
  std::string_view host, path, query;
};

Url divide(std::string_view url) {
  Url out;
  url.remove_prefix(std::min(url.find("://") + 3, url.size()));
  const std::size_t query = std::min(url.find('?'), url.size());
  const std::size_t path = std::min(url.find('/'), query);
  out.host = url.substr(0, path);
  out.path = url.substr(path, query - path);
  if (query < url.size()) out.query = url.substr(query + 1);
  return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Every service but S3 encodes the path once more than it is sent.
std::string canonical_path(std::string_view path) {
  if (path.empty()) return "/";
  std::string out;
  for (const std::string& segment : split(path.substr(1), '/')) {
    out += "/" + percent_encode(segment);
  }
  return out;
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return "";
  std::vector<std::string> pairs = split(query, '&');
  for (std::string& pair : pairs) {
    if (pair.find('=') == std::string::npos) pair += '=';
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const std::string& pair : pairs) out += (out.empty() ? "" : "&") + pair;
  return out;
}

std::vector<Header> headers_to_sign(const HttpRequest& request, std::string_view host) {
  std::vector<Header> signing = {{"host", std::string(host)}};
  for (const Header& header : request.headers) {
    if (header.name == "content-type" || header.name.substr(0, 6) == "x-amz-") {
      signing.push_back(header);
    }
  }
  std::sort(signing.begin(), signing.end(),
            [](const Header& a, const Header& b) { return a.name < b.name; });
  return signing;
}

std::string names_of(const std::vector<Header>& headers) {
  std::string out;
  for (const Header& header : headers) out += (out.empty() ? "" : ";") + header.name;
  return out;
}

std::string canonical_request(const HttpRequest& request, const Url& url,
                              const std::vector<Header>& headers, const Digests& digests) {
  std::string out =
      request.method + "\n" + canonical_path(url.path) + "\n" + canonical_query(url.query) + "\n";
  for (const Header& header : headers) out += header.name + ":" + header.value + "\n";
  return out + "\n" + names_of(headers) + "\n" + hex(digests.sha256(request.body));
}

/// A key that is good for one day, region and service.
Digests::Digest signing_key(const AwsCredentials& credentials, const std::string& date,
                            std::string_view region, std::string_view service,
                            const Digests& digests) {
  Digests::Digest key = digests.hmac_sha256("AWS4" + credentials.secret_access_key, date);
  for (const std::string_view part : {region, service, std::string_view("aws4_request")}) {
    key = digests.hmac_sha256(as_view(key), part);
  }
  return key;
}

}  // namespace

void sign(HttpRequest& request, const AwsCredentials& credentials, std::string_view region,
          std::string_view service, std::int64_t unix_seconds, const Digests& digests) {
  const std::string timestamp = timestamp_of(unix_seconds);
  const std::string date = timestamp.substr(0, 8);
  request.headers.push_back({"x-amz-date", timestamp});
  if (!credentials.session_token.empty()) {
    request.headers.push_back({"x-amz-security-token", credentials.session_token});
  }
  const Url url = divide(request.url);
  const std::vector<Header> headers = headers_to_sign(request, url.host);
  const std::string scope =
      date + "/" + std::string(region) + "/" + std::string(service) + "/aws4_request";
  const std::string to_sign =
      std::string(algorithm) + "\n" + timestamp + "\n" + scope + "\n" +
      hex(digests.sha256(canonical_request(request, url, headers, digests)));
  const auto key = signing_key(credentials, date, region, service, digests);
  request.headers.push_back(
      {"authorization", std::string(algorithm) + " Credential=" + credentials.access_key_id + "/" +
                            scope + ", SignedHeaders=" + names_of(headers) +
                            ", Signature=" + hex(digests.hmac_sha256(as_view(key), to_sign))});
}

}  // namespace weir::provider
