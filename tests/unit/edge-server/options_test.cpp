#include "options.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::edge {
namespace {

Result<std::variant<Options, ExitWith>> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "weir-edge");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

Options options(std::vector<const char*> arguments) {
  const auto parsed = parse(std::move(arguments));
  if (parsed && std::holds_alternative<Options>(*parsed)) return std::get<Options>(*parsed);
  ADD_FAILURE() << "refused";
  return {};
}

TEST(ParseOptions, ListensOnLoopbackUnlessTold) {
  EXPECT_EQ(options({}).listen_host, "127.0.0.1");
  EXPECT_EQ(options({}).listen_port, 8787);
}

TEST(ParseOptions, ReadsAddresses) {
  EXPECT_EQ(options({"--listen", "0.0.0.0:0"}).listen_host, "0.0.0.0");
  EXPECT_EQ(options({"--listen", "0.0.0.0:0"}).listen_port, 0);
  EXPECT_EQ(options({"--listen", "[::1]:80"}).listen_host, "::1");
}

TEST(ParseOptions, RefusesWhatIsNoAddress) {
  for (const char* address : {"8787", "host", "host:", "host:x", "host:65536", "::1:80"}) {
    const auto parsed = parse({"--listen", address});
    EXPECT_FALSE(parsed) << address;
  }
}

TEST(ParseOptions, SharesItsPortOnlyWhenTold) {
  EXPECT_FALSE(options({}).share_port);
  EXPECT_TRUE(options({"--share-port"}).share_port);
}

TEST(ParseOptions, TakesRepeatedFlags) {
  const Options parsed = options({"--allow-host", "a.example", "--allow-host", "b.example",
                                  "--allow-origin", "https://c.example"});
  EXPECT_EQ(parsed.allow_hosts, (std::vector<std::string>{"a.example", "b.example"}));
  EXPECT_EQ(parsed.allow_origins, (std::vector<std::string>{"https://c.example"}));
}

TEST(ParseOptions, RefusesOriginsAndHostsThatCouldNeverMatch) {
  EXPECT_FALSE(parse({"--allow-origin", "docs.example.org"}));
  EXPECT_FALSE(parse({"--allow-origin", "https://docs.example.org/"}));
  EXPECT_FALSE(parse({"--allow-host", "docs.example.org:443"}));
}

TEST(ParseOptions, LetsAFlagWinOverTheFile) {
  const std::string path =
      (std::filesystem::temp_directory_path() / "weir-options-test.json").string();
  std::ofstream(path) << R"({"listen": "127.0.0.1:1234", "threads": 3, "model": "m"})";
  const Options parsed = options({"--config", path.c_str(), "--threads", "2"});
  std::filesystem::remove(path);
  EXPECT_EQ(parsed.listen_port, 1234);
  EXPECT_EQ(parsed.threads, 2U);
  EXPECT_EQ(parsed.model, "m");
}

TEST(ParseOptions, SaysWhichFileIsMissing) {
  const auto parsed = parse({"--config", "no-such-file.json"});
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().message.find("no-such-file.json"), std::string::npos);
}

}  // namespace
}  // namespace weir::edge
