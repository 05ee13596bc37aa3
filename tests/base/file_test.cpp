// Files are read whole and replaced whole, on full disks and under kills too.
#include "spanlab/base/file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/failpoint.h"
#include "tests/expect_error.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

TEST(ReadFile, AllBytes) {
  const TemporaryFolder folder;
  std::string bytes(300000, '\0');
  for (size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<char>(k * k % 251);
  EXPECT_EQ(read_file(folder.write("f", bytes)), bytes);
  EXPECT_EQ(read_file(folder.write("empty", "")), "");
}

TEST(ReadFile, FilesWithoutASizeOfTheirOwn) {
  if (!fs::exists("/proc/self/status")) GTEST_SKIP() << "there is no /proc here";
  EXPECT_NE(read_file("/proc/self/status").find("Pid:"), std::string::npos);
}

TEST(ReadFile, Refuses) {
  const TemporaryFolder folder;
  expect_error([&] { read_file(folder / "none"); }, {"none", "No such file"});
  expect_error([&] { read_file(folder.path()); }, {folder.path().c_str(), "folder"});
  EXPECT_EQ(read_file(folder.write("f", "1234"), 4), "1234");
  expect_error([&] { read_file(folder / "f", 3); }, {"larger than 3 bytes"});
  expect_error([&] { read_file("/dev/zero", 1 << 20); }, {"/dev/zero", "larger than 1.0 MB"});
}

TEST(WriteFile, CreatesAndReplaces) {
  const TemporaryFolder folder;
  for (const std::string& bytes : {std::string("first"), std::string(), std::string(200000, 'x')}) {
    write_file_atomically(folder / "f", bytes);
    EXPECT_EQ(folder.read("f"), bytes);
    EXPECT_EQ(folder.entries(), 1u);
  }
}

TEST(WriteFile, InTheWorkingFolder) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write_file_atomically("f", "x");
  fs::current_path(before);
  EXPECT_EQ(folder.read("f"), "x");
}

TEST(WriteFile, KeepsPermissionsAndFollowsLinks) {
  const TemporaryFolder folder;
  folder.write("target", "old");
  ASSERT_EQ(::chmod((folder / "target").c_str(), 0640), 0);
  fs::create_symlink("target", folder / "link");
  write_file_atomically(folder / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(folder.read("target"), "new");
  EXPECT_EQ(static_cast<unsigned>(fs::status(folder / "target").permissions()), 0640u);
  EXPECT_EQ(folder.entries(), 2u);
}

TEST(WriteFile, ADeviceStaysADevice) {
  if (!fs::is_character_file("/dev/null")) GTEST_SKIP() << "there is no /dev/null here";
  write_file_atomically("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteFile, Refuses) {
  const TemporaryFolder folder;
  expect_error([&] { write_file_atomically(folder / "none" / "f", "x"); },
               {"none/f", "No such file", "folder"});
  expect_error([&] { write_file_atomically(folder.path(), "x"); },
               {folder.path().c_str(), "it is a folder"});
  expect_error([&] { write_file_atomically(folder.write("f", "") / "g", "x"); },
               {"f/g", "Not a directory"});
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(WriteFile, AFullDeviceSaysHowMuchWasNeeded) {
  if (!fs::is_character_file("/dev/full")) GTEST_SKIP() << "there is no /dev/full here";
  expect_error([] { write_file_atomically("/dev/full", std::string(2'500'000, 'x')); },
               {"/dev/full", "No space left", "2.5 MB needed"});
}

NextPart parts_of(std::vector<std::string>& parts) {
  return [&parts, next = size_t{0}]() mutable -> std::string_view {
    return next < parts.size() ? std::string_view(parts[next++]) : std::string_view();
  };
}

TEST(WriteFile, PartByPart) {
  const TemporaryFolder folder;
  std::vector<std::string> parts{"one ", std::string(100'000, 'x'), " three"}, none;
  write_file_atomically(folder / "f", parts_of(parts));
  EXPECT_EQ(folder.read("f"), parts[0] + parts[1] + parts[2]);
  write_file_atomically(folder / "f", parts_of(none));
  EXPECT_EQ(folder.read("f"), "");
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(WriteFile, APartThatThrowsLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  folder.write("f", "old");
  int calls = 0;
  const auto next = [&]() -> std::string_view {
    if (++calls == 3) throw Error("the third part is broken", "make it anew");
    return "part";
  };
  expect_error([&] { write_file_atomically(folder / "f", NextPart(next)); }, {"third part"});
  EXPECT_EQ(folder.read("f"), "old");
  EXPECT_EQ(folder.entries(), 1u);
}

// A limit on the size of files stands for a full disk: the write fails half way.
TEST(WriteFile, AFullDiskLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  folder.write("f", "old");
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_action = ::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 10000, before.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  expect_error([&] { write_file_atomically(folder / "f", std::string(50000, 'x')); },
               {"/f", "File too large", "50.0 kB needed"});
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_action);
  EXPECT_EQ(folder.read("f"), "old");
  EXPECT_EQ(folder.entries(), 1u);
}

class WriteFailpoint : public ::testing::TestWithParam<const char*> {
 protected:
  void TearDown() override { arm_failpoints(""); }
};

TEST_P(WriteFailpoint, AnErrorLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  folder.write("f", "old");
  arm_failpoints(std::string(GetParam()) + "=error");
  expect_error([&] { write_file_atomically(folder / "f", "new"); }, {GetParam()});
  EXPECT_EQ(folder.read("f"), "old");
  EXPECT_EQ(folder.entries(), 1u);
  arm_failpoints("");
  write_file_atomically(folder / "f", "new");
  EXPECT_EQ(folder.read("f"), "new");
}

TEST_P(WriteFailpoint, AKillLeavesTheOldFile) {
  const TemporaryFolder folder;
  folder.write("f", "old");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    arm_failpoints(std::string(GetParam()) + "=kill");
    write_file_atomically(folder / "f", "new");
    ::_exit(0);  // never reached: the parent checks for the signal
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_EQ(folder.read("f"), "old");
  remove_temporaries(folder.path());
  EXPECT_EQ(folder.entries(), 1u);
  EXPECT_EQ(folder.read("f"), "old");
}

INSTANTIATE_TEST_SUITE_P(Places, WriteFailpoint,
                         ::testing::Values("write.open", "write.data", "write.sync",
                                           "write.rename"));

TEST(Paths, AreAskedWithoutOtherExceptions) {
  const TemporaryFolder folder;
  EXPECT_TRUE(is_there(folder.write("f", "")));
  EXPECT_FALSE(is_there(folder / "none"));
  EXPECT_FALSE(is_there(folder / "f/below a file"));
  folder.write("a", "");
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"a", "f"}));
  const std::string too_long(300, 'x');
  expect_error([&] { is_there(folder / too_long); }, {"cannot access", "xxx"});
  expect_error([&] { names_in(folder / "none"); }, {"none", "No such file"});
}

TEST(ReplaceByLink, IsAtomicAndLeavesNothingBehind) {
  const TemporaryFolder folder;
  folder.write("from", "new");
  for (int again = 0; again < 2; ++again) {
    folder.write("to", "old");
    EXPECT_TRUE(replace_by_link(folder / "from", folder / "to"));
    EXPECT_TRUE(fs::equivalent(folder / "from", folder / "to"));
    EXPECT_TRUE(replace_by_link(folder / "from", folder / "to"));  // one file already
    EXPECT_EQ(folder.entries(), 2u);
    fs::remove(folder / "to");
  }
  EXPECT_FALSE(replace_by_link(folder / "none", folder / "to"));
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(RemoveTemporaries, NeedsAFolder) {
  const TemporaryFolder folder;
  expect_error([&] { remove_temporaries(folder / "none"); }, {"none", "No such file"});
}

}  // namespace
}  // namespace spanlab
