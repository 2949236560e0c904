#include "weir/provider/aws_signature.hpp"

#include <gtest/gtest.h>

#include "support/sha256.hpp"

namespace weir::provider {
namespace {

std::string hex(const Digests::Digest& digest) {
  std::string out;
  for (const std::uint8_t byte : digest) {
    constexpr char digits[] = "0123456789abcdef";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// 30 August 2015, 12:36:00 UTC, and the credentials of AWS's examples.
constexpr std::int64_t then = 1'440'938'160;
const AwsCredentials example = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};

std::string authorization_of(const HttpRequest& request) {
  for (const Header& header : request.headers) {
    if (header.name == "authorization") return header.value;
  }
  return "(none)";
}

std::string signed_get(std::string url, std::string_view service, AwsCredentials credentials,
                       std::vector<Header> headers = {}) {
  HttpRequest request;
  request.method = "GET";
  request.url = std::move(url);
  request.headers = std::move(headers);
  sign(request, credentials, "us-east-1", service, then, testing::digests);
  return authorization_of(request);
}

// FIPS 180-4's examples and RFC 4231's second case: what follows rests on these.
TEST(TestDigests, AreThoseOfTheStandards) {
  EXPECT_EQ(hex(testing::sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(testing::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(testing::hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
TEST(AwsSignature, IsThatOfThePublishedExample) {
  EXPECT_EQ(
      signed_get("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", "iam", example,
                 {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}),
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
      "SignedHeaders=content-type;host;x-amz-date, "
      "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

// AWS's Signature Version 4 test suite, get-vanilla and get-vanilla-query-order-key-case.
TEST(AwsSignature, IsThatOfTheTestSuite) {
  const std::string before =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
      "SignedHeaders=host;x-amz-date, Signature=";
  EXPECT_EQ(signed_get("https://example.amazonaws.com/", "service", example),
            before + "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  EXPECT_EQ(
      signed_get("https://example.amazonaws.com/?Param2=value2&Param1=value1", "service", example),
      before + "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

// The test suite's post-sts-header-before.
TEST(AwsSignature, CoversTheSessionToken) {
  AwsCredentials temporary = example;
  temporary.session_token =
      "AQoDYXdzEPT//////////"
      "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPf"
      "IeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7"
      "WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm"
      "8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
  HttpRequest request;
  request.url = "https://example.amazonaws.com/";
  sign(request, temporary, "us-east-1", "service", then, testing::digests);
  EXPECT_EQ(authorization_of(request),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date;x-amz-security-token, "
            "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
}

TEST(AwsSignature, DependsOnEverythingThatIsSigned) {
  const std::string usual = signed_get("https://example.amazonaws.com/a", "service", example);
  AwsCredentials other = example;
  other.secret_access_key += "x";
  EXPECT_NE(signed_get("https://example.amazonaws.com/a", "service", other), usual);
  EXPECT_NE(signed_get("https://example.amazonaws.com/b", "service", example), usual);
  EXPECT_NE(signed_get("https://other.amazonaws.com/a", "service", example), usual);
  EXPECT_NE(signed_get("https://example.amazonaws.com/a?b", "service", example), usual);
  EXPECT_NE(signed_get("https://example.amazonaws.com/a", "bedrock", example), usual);
  EXPECT_EQ(
      signed_get("https://example.amazonaws.com/a", "service", example, {{"accept", "text/plain"}}),
      usual);
}

TEST(AwsSignature, KnowsTheCalendar) {
  const auto date_at = [](std::int64_t seconds) {
    HttpRequest request;
    request.url = "https://example.amazonaws.com/";
    sign(request, example, "us-east-1", "service", seconds, testing::digests);
    return request.headers.front().value;
  };
  EXPECT_EQ(date_at(0), "19700101T000000Z");
  EXPECT_EQ(date_at(951'782'399), "20000228T235959Z");
  EXPECT_EQ(date_at(951'782'400), "20000229T000000Z");
  EXPECT_EQ(date_at(1'709'251'199), "20240229T235959Z");
  EXPECT_EQ(date_at(1'735'689'599), "20241231T235959Z");
  EXPECT_EQ(date_at(4'107'542'400), "21000301T000000Z");
}

}  // namespace
}  // namespace weir::provider
