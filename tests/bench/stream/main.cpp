// stream_load: a fake provider and the readers of its streams in one process, with or without a
// proxy between them. Prints one JSON object of figures. run.mjs beside it calls it.
#include <fcntl.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "measurement.hpp"
#include "process.hpp"
#include "socket.hpp"

namespace {

using namespace weir::bench;

Nanoseconds from_seconds(double seconds) {
  return static_cast<Nanoseconds>(seconds * second);
}

/// Keeps idle cores from being halted for as long as this program runs: a virtual machine's halted
/// core is woken by the hypervisor, which takes it from tens of microseconds to milliseconds
/// (Documentation/power/pm_qos_interface.rst of Linux). Ends the program where that is not allowed.
void keep_cores_awake() {
  const int device = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC);
  const std::int32_t most = 0;  // microseconds; the wish holds until the file is closed
  if (device < 0 || write(device, &most, sizeof most) != sizeof most) {
    fail_with_errno("/dev/cpu_dma_latency");
  }
}

/// Sessions may be resumed, as with every public provider. Ends the program where a file is not
/// good.
SSL_CTX* make_tls(const std::string& certificate, const std::string& key) {
  if (certificate.empty()) return nullptr;
  SSL_CTX* const tls = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_id_context(tls, reinterpret_cast<const unsigned char*>("bench"), 5);
  if (SSL_CTX_use_certificate_chain_file(tls, certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(tls, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    std::fprintf(stderr, "stream_load: the certificate or its key cannot be used\n");
    std::exit(1);
  }
  return tls;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures a proxy of streamed chat completions.", "stream_load");
  Settings settings;
  std::uint16_t target = 0;
  double rate = 0;
  double settle = 1;
  double window = 10;
  double pause = 0;
  std::string certificate;
  std::string key;
  bool awake = false;
  const std::map<std::string, Face> faces = {
      {"openai", Face::openai}, {"weir-socket", Face::weir_socket}, {"weir-sse", Face::weir_sse}};
  app.add_option("--face", settings.readers.face, "how the readers ask")
      ->transform(CLI::CheckedTransformer(faces));
  app.add_option("--provider-port", settings.provider_port, "where the provider listens")
      ->required();
  app.add_option("--target", target, "the proxy's port; without it, the provider itself");
  app.add_option("--streams", settings.streams, "connections, each with one answer at a time");
  app.add_option("--rate", rate, "writes a second on each stream; 0: as fast as they are taken");
  app.add_option("--batch", settings.plan.batch, "deltas in one write of the provider");
  app.add_option("--deltas", settings.plan.deltas, "of an answer; 0: until the time is over");
  app.add_option("--pause", pause, "seconds from an answer's first write to the rest of it");
  app.add_option("--drop-after", settings.plan.drop_after, "deltas after which a stream is cut");
  app.add_option("--certificate", certificate, "PEM file: the provider speaks TLS");
  app.add_option("--key", key, "its key, a PEM file");
  app.add_flag("--again", settings.readers.again, "ask again as soon as an answer has ended");
  app.add_option("--seconds", window, "to measure for");
  app.add_option("--settle", settle, "seconds from the last stream's begin to measuring");
  app.add_option("--starts", settings.starts_per_second, "streams begun a second");
  app.add_option("--proxy", settings.proxy, "the proxy's processes")->delimiter(',');
  app.add_flag("--awake", awake, "keep idle cores from being halted (needs root)");
  CLI11_PARSE(app, argc, argv);

  prepare_process();
  if (awake) keep_cores_awake();
  settings.plan.interval = rate > 0 ? from_seconds(1 / rate) : 0;
  settings.plan.pause = from_seconds(pause);
  settings.plan.tls = make_tls(certificate, key);
  settings.settle = from_seconds(settle);
  settings.window = from_seconds(window);
  settings.readers.port = target != 0 ? target : settings.provider_port;
  settings.readers.batch = settings.plan.batch;
  settings.readers.expect_cuts = settings.plan.drop_after > 0;
  std::puts(Measurement(settings).run().c_str());
}
