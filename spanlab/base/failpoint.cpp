// The armed failpoints: a short list behind a mutex; unarmed, a pass costs one atomic load.
#include "spanlab/base/failpoint.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <mutex>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

struct Failpoint {
  std::string name;
  bool kills = false;
  int64_t at_pass = 0;  // 0: every pass
  int64_t passes = 0;
};

std::atomic<bool> any_armed{false};
std::mutex mutex;
std::vector<Failpoint> armed;  // guarded by mutex

Failpoint parse(std::string_view item) {
  const Error malformed(fmt::format("{} is not a failpoint", in_quotes(item)),
                        "write name=error, name=kill or name=kill@3, separated by commas");
  const size_t equals = item.find('=');
  if (equals == 0 || equals == std::string_view::npos) throw malformed;
  Failpoint point;
  point.name = item.substr(0, equals);
  std::string_view action = item.substr(equals + 1);
  if (const size_t at = action.find('@'); at != std::string_view::npos) {
    const std::string_view count = action.substr(at + 1);
    const auto read = std::from_chars(count.data(), count.data() + count.size(), point.at_pass);
    if (read.ec != std::errc() || read.ptr != count.data() + count.size() || point.at_pass < 1) {
      throw malformed;
    }
    action = action.substr(0, at);
  }
  if (action != "error" && action != "kill") throw malformed;
  point.kills = action == "kill";
  return point;
}

}  // namespace

void failpoint(std::string_view name) {
  if (!any_armed.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex);
  for (Failpoint& point : armed) {
    if (point.name != name) continue;
    ++point.passes;
    if (point.at_pass != 0 && point.passes != point.at_pass) continue;
    if (point.kills) ::kill(::getpid(), SIGKILL);
    throw Error(fmt::format("no space left on device (failpoint {})", name),
                "unset SPANLAB_FAILPOINTS");
  }
}

void arm_failpoints(std::string_view spec) {
  std::vector<Failpoint> points;
  while (!spec.empty()) {
    const size_t comma = spec.find(',');
    points.push_back(parse(spec.substr(0, comma)));
    spec = comma == std::string_view::npos ? std::string_view() : spec.substr(comma + 1);
  }
  const std::lock_guard lock(mutex);
  armed = std::move(points);
  any_armed = !armed.empty();
}

}  // namespace spanlab
