#include "archive_request.hpp"

#include <gtest/gtest.h>

#include "archive_errors.hpp"

namespace weir::edge {
namespace {

std::vector<Forge> forges() {
  std::vector<Forge> list = default_forges();
  list.push_back({ForgeKind::github, "https", "hub.example", {}, {}});
  list.push_back({ForgeKind::bitbucket_server, "https", "bits.example:7990", {}, {}});
  return list;
}

/// The archive's address, or the error's code.
std::string ask(const std::string& url, const std::string& ref = "",
                const std::string& token = "") {
  static const std::vector<Forge> known = forges();
  const auto archive = archive_request(known, {url, ref, token});
  return archive ? archive->request.url : std::string(name(archive.error().code));
}

TEST(ArchiveRequest, KnowsTheFormsInWhichAddressesAreCopied) {
  const std::string archive = "https://github.com/o/r/archive/HEAD.tar.gz";
  for (const char* const url :
       {"https://github.com/o/r", "http://github.com/o/r/", "https://GitHub.com/o/r.git",
        "github.com/o/r", "git@github.com:o/r.git", "ssh://git@github.com/o/r.git",
        "https://github.com/o/r/issues?q=1#top", "https://github.com//o//r"}) {
    EXPECT_EQ(ask(url), archive) << url;
  }
  EXPECT_EQ(ask("https://github.com/o/r/tree/v1.2/src"),
            "https://github.com/o/r/archive/v1.2.tar.gz");
}

TEST(ArchiveRequest, KnowsEachForgesInterface) {
  EXPECT_EQ(ask("github.com/o/r", "feature/x", "t"),
            "https://api.github.com/repos/o/r/tarball/feature/x");
  EXPECT_EQ(ask("github.com/o/r", "", "t"), "https://api.github.com/repos/o/r/tarball");
  EXPECT_EQ(ask("hub.example/o/r", "v1", "t"), "https://hub.example/api/v3/repos/o/r/tarball/v1");
  EXPECT_EQ(ask("https://gitlab.com/group/sub/project/-/tree/dev?x=1"),
            "https://gitlab.com/api/v4/projects/group%2Fsub%2Fproject/repository/"
            "archive.tar.gz?sha=dev");
  EXPECT_EQ(ask("gitlab.com/g/p", "a/b"),
            "https://gitlab.com/api/v4/projects/g%2Fp/repository/archive.tar.gz?sha=a%2Fb");
  EXPECT_EQ(ask("https://bitbucket.org/o/r/src/main/README.md"),
            "https://bitbucket.org/o/r/get/main.tar.gz");
  EXPECT_EQ(ask("https://bits.example:7990/projects/KEY/repos/name/browse", "v1"),
            "https://bits.example:7990/rest/api/latest/projects/KEY/repos/name/archive"
            "?format=tar.gz&prefix=repository/&at=v1");
  EXPECT_EQ(ask("https://bits.example:7990/scm/KEY/name.git"),
            "https://bits.example:7990/rest/api/latest/projects/KEY/repos/name/archive"
            "?format=tar.gz&prefix=repository/");
}

TEST(ArchiveRequest, SendsATokenInAHeaderOnly) {
  const std::vector<Forge> known = forges();
  const auto archive = archive_request(known, {"gitlab.com/g/p", "", "secret-token"});
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->request.url.find("secret"), std::string::npos);
  const provider::Header expected{"Authorization", "Bearer secret-token"};
  EXPECT_EQ(archive->request.headers.back(), expected);
  EXPECT_TRUE(archive->with_token);
  EXPECT_FALSE(archive_request(known, {"gitlab.com/g/p", "", ""})->with_token);
}

TEST(ArchiveRequest, NamesTheRepositoryInFull) {
  const std::vector<Forge> known = forges();
  EXPECT_EQ(archive_request(known, {"git@GitHub.com:o/r.git", "", ""})->repository,
            "github.com/o/r");
  EXPECT_EQ(archive_request(known, {"gitlab.com/g/s/p/-/tree/x", "", ""})->repository,
            "gitlab.com/g/s/p");
}

TEST(ArchiveRequest, RefusesHostsThatAreNotOnTheList) {
  for (const char* const url : {"https://git.example/o/r", "http://127.0.0.1/o/r",
                                "https://[::1]/o/r", "https://github.com.evil.example/o/r",
                                "https://github.com:22/o/r", "https://api.github.com/o/r"}) {
    EXPECT_EQ(ask(url), "not_found") << url;
  }
}

TEST(ArchiveRequest, RefusesWhatIsNoAddressOfARepository) {
  for (const char* const url :
       {"", "github.com", "https://github.com/", "https://github.com/o", "o/r/",
        "https://user:password@github.com/o/r", "https://token@github.com/o/r",
        "https://github.com/../r", "https://github.com/o/..", "https://github.com/o/r%2f..",
        "https://github.com/o/r\r\nX: y", "https://github.com/o/.git", "file:///etc/passwd",
        "https://gitlab.com/-/o/r"}) {
    const std::string code = ask(url);
    EXPECT_TRUE(code == "invalid_request" || code == "not_found") << url << ": " << code;
  }
  EXPECT_EQ(ask("https://user:password@github.com/o/r"), "invalid_request");
  EXPECT_EQ(ask("https://github.com/" + std::string(3000, 'a')), "invalid_request");
  for (const char* const ref : {"../../x", "a b", "-x", "/x", "a?b", "a\nb", "a#b", "a%2Fb"}) {
    EXPECT_EQ(ask("github.com/o/r", ref), "invalid_request") << ref;
  }
  EXPECT_EQ(ask("github.com/o/r", "", "a\r\nX: y"), "invalid_request");
  EXPECT_EQ(ask("github.com/o/r", "", "a b"), "invalid_request");
}

TEST(ArchiveRequest, ErrorsNeverRepeatWhatMayBeASecret) {
  const std::vector<Forge> known = forges();
  for (const ArchiveQuery& query : {ArchiveQuery{"https://me:hunter2@github.com/o/r", "", ""},
                                    ArchiveQuery{"github.com/o/r", "", "hunter2 "},
                                    ArchiveQuery{"x.example/hunter2", "", ""}}) {
    const auto archive = archive_request(known, query);
    ASSERT_FALSE(archive);
    EXPECT_EQ((archive.error().message + archive.error().hint).find("hunter2"), std::string::npos);
  }
}

TEST(ArchiveRefusal, SaysWhatTheReaderCanDo) {
  EXPECT_EQ(archive_refusal(404, {}, false).code, ErrorCode::not_found);
  EXPECT_NE(archive_refusal(404, {}, false).hint.find("token"), std::string::npos);
  EXPECT_EQ(archive_refusal(401, {}, true).code, ErrorCode::provider_auth);
  EXPECT_EQ(archive_refusal(403, {}, true).code, ErrorCode::provider_auth);
  EXPECT_EQ(archive_refusal(403, {{"x-ratelimit-remaining", "0"}}, false).code,
            ErrorCode::provider_quota);
  EXPECT_EQ(archive_refusal(429, {}, false).code, ErrorCode::provider_quota);
  EXPECT_EQ(archive_refusal(503, {}, false).code, ErrorCode::provider_error);
}

}  // namespace
}  // namespace weir::edge
