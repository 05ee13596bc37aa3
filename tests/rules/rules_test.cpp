// The project's structural rules are kept in this tree, and each rule reports a tree that breaks
// it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/rules/source_tree.h"
#include "tests/temporary_folder.h"

namespace spanlab::testing {
namespace {

namespace fs = std::filesystem;

using Violations = std::vector<std::string>;

const std::vector<fs::path> kFolders{"spanlab", "cli", "tests", "bench", "examples"};
constexpr int kLineLimit = 400;
// Files that may be longer, each with the reason.
const std::set<std::string> kLongFiles{};

std::string listed(const Violations& violations) {
  std::string text;
  for (const std::string& violation : violations) text += violation + "\n";
  return text;
}

TEST(ThisTree, RoomsIncludeOnlyWhatTheyAreDeclaredToUse) {
  const Rooms rooms = read_rooms("cmake/rooms.cmake");
  EXPECT_GE(rooms.size(), 20u);
  for (const auto& [room, allowed] : rooms) {
    EXPECT_TRUE(fs::is_directory(fs::path("spanlab") / room)) << room << " is declared";
  }
  EXPECT_EQ(listed(forbidden_includes("spanlab", rooms)), "");
  EXPECT_EQ(listed(unused_rooms("spanlab", rooms)), "");
}

TEST(ThisTree, TheTableOfRoomsIsTheirDeclaration) {
  EXPECT_EQ(read_table("ARCHITECTURE.md"), read_rooms("cmake/rooms.cmake"));
}

TEST(ThisTree, OneHeaderOpensTheLibrary) {
  const std::set<std::string> headers = headers_behind("spanlab/spanlab.h");
  EXPECT_LE(headers.size(), 55u);  // it was 192: none joins without another leaving
  EXPECT_EQ(listed(third_party_in(headers)), "");
  std::set<std::string> installed;
  std::ifstream list("cmake/public_headers.cmake");
  for (std::string word; list >> word;) {
    if (word.starts_with("spanlab/") && word.ends_with(".h")) installed.insert(word);
  }
  EXPECT_EQ(installed, headers) << "cmake/public_headers.cmake lists what is installed";
}

TEST(ThisTree, ProgramAndExamplesStandOnTheInstalledHeaders) {
  const std::set<std::string> headers = headers_behind("spanlab/spanlab.h");
  EXPECT_EQ(listed(private_includes("cli", headers)), "");
  EXPECT_EQ(listed(private_includes("examples", headers)), "");
  EXPECT_EQ(listed(users_of("cli", "CLI", "cli/parser.cpp")), "");
}

TEST(ThisTree, DetectionNeedsNoTrainingCode) {
  const Rooms rooms = read_rooms("cmake/rooms.cmake");
  std::set<std::string> below;
  std::vector<std::string> left{"detect"};
  while (!left.empty()) {
    const std::string room = left.back();
    left.pop_back();
    if (!below.insert(room).second) continue;
    left.insert(left.end(), rooms.at(room).begin(), rooms.at(room).end());
  }
  for (const char* room : {"train", "runs", "evaluate", "diagnose", "lab", "fit"}) {
    EXPECT_FALSE(below.contains(room)) << room;
  }
}

TEST(ThisTree, OnlyKernelsHaveParts) {
  EXPECT_EQ(listed(misnamed_parts("spanlab")), "");
}

TEST(ThisTree, FilesSayWhatTheyAre) {
  EXPECT_EQ(listed(files_without_opening_comment(kFolders)), "");
}

TEST(ThisTree, FilesAreShort) {
  EXPECT_EQ(listed(long_files(kFolders, kLineLimit, kLongFiles)), "");
}

// A small tree of two rooms, to be spoilt by each test.
class SpoiltTree : public ::testing::Test {
 protected:
  SpoiltTree() {
    write("rooms.cmake", "# Rooms.\nspanlab_room(low)\nspanlab_room(high USES low\n NEEDS fmt)\n");
    write("lib/low/a.h", "// A.\n#include <vector>\n");
    write("lib/high/b.cpp", "// B.\n#include <fmt/format.h>\n#include \"lib/low/a.h\"\n");
  }

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    root_.write(file, text);
  }
  fs::path library() const { return root_ / "lib"; }
  Rooms rooms() const { return read_rooms(root_ / "rooms.cmake"); }
  std::string at(const std::string& place) const { return (root_ / place).generic_string(); }

  TemporaryFolder root_;
};

TEST_F(SpoiltTree, IsFineAtFirst) {
  EXPECT_EQ(rooms(), (Rooms{{"low", {}}, {"high", {"low"}}}));
  EXPECT_EQ(listed(forbidden_includes(library(), rooms())), "");
  EXPECT_EQ(listed(unused_rooms(library(), rooms())), "");
  EXPECT_EQ(listed(misnamed_parts(library())), "");
  EXPECT_EQ(listed(files_without_opening_comment({library()})), "");
  EXPECT_EQ(listed(long_files({library()}, 3, {})), "");
}

TEST_F(SpoiltTree, IncludeUpwards) {
  write("lib/low/c.cpp", "// C.\n#include \"lib/high/b.h\"\n");
  EXPECT_EQ(forbidden_includes(library(), rooms()),
            Violations{at("lib/low/c.cpp") + ":2: low may not include high"});
}

TEST_F(SpoiltTree, IncludeUpwardsInAngleBracketsAndWithBlanks) {
  write("lib/low/c.h", "// C.\n  #  include <lib/high/b.h>  // why not\n");
  EXPECT_EQ(forbidden_includes(library(), rooms()),
            Violations{at("lib/low/c.h") + ":2: low may not include high"});
}

TEST_F(SpoiltTree, IncludeThatHidesItsRoom) {
  write("lib/low/c.cpp", "// C.\n#include \"../high/b.h\"\n");
  EXPECT_EQ(
      forbidden_includes(library(), rooms()),
      Violations{at("lib/low/c.cpp") + ":2: \"../high/b.h\" should read \"lib/ROOM/FILE.h\""});
}

TEST_F(SpoiltTree, RoomThatIsNotDeclared) {
  write("lib/attic/c.cpp", "// C.\n");
  EXPECT_EQ(forbidden_includes(library(), rooms()),
            Violations{at("lib/attic/c.cpp") + ":1: not in a room of the table"});
}

TEST_F(SpoiltTree, ThirdPartyInAHeader) {
  write("lib/low/c.h", "// C.\n#include <fmt/format.h>\n#include <vector>\n#include <zlib.h>\n");
  EXPECT_EQ(third_party_in({at("lib/low/c.h")}),
            (Violations{at("lib/low/c.h") + ":2: a header includes <fmt/format.h>",
                        at("lib/low/c.h") + ":4: a header includes <zlib.h>"}));
}

TEST_F(SpoiltTree, PrivateHeaderInTheProgram) {
  write("cli/a.cpp", "// A.\n#include \"spanlab/low/a.h\"\n  # include <spanlab/high/b.h>\n");
  EXPECT_EQ(private_includes(root_ / "cli", {"spanlab/low/a.h"}),
            Violations{at("cli/a.cpp") + ":3: spanlab/high/b.h is private"});
}

TEST_F(SpoiltTree, ParserInAnotherFile) {
  write("cli/a.cpp", "// A.\n#include <CLI/CLI.hpp>\n");
  EXPECT_EQ(users_of(root_ / "cli", "CLI", "cli/parser.cpp"),
            Violations{at("cli/a.cpp") + ":2: only cli/parser.cpp includes CLI"});
  EXPECT_TRUE(users_of(root_ / "cli", "CLI", at("cli/a.cpp")).empty());
}

TEST_F(SpoiltTree, RoomThatIsNotUsed) {
  write("lib/high/b.cpp", "// B.\n");
  EXPECT_EQ(unused_rooms(library(), rooms()),
            Violations{"high is declared to use low, and no file of it does"});
}

TEST_F(SpoiltTree, PartOutsideTheKernels) {
  write("lib/low/c-inl.h", "// C.\n");
  EXPECT_EQ(misnamed_parts(library()),
            Violations{at("lib/low/c-inl.h") + ":1: only kernels have parts named *-inl.h"});
}

TEST_F(SpoiltTree, FileThatDoesNotSayWhatItIs) {
  write("lib/low/c.h", "#pragma once\n// C.\n");
  write("lib/low/empty.cpp", "");
  EXPECT_EQ(files_without_opening_comment({library()}).size(), 2u);
}

TEST_F(SpoiltTree, LongFile) {
  write("lib/low/c.h", "// C.\n\n\n\n");
  EXPECT_EQ(long_files({library()}, 3, {}),
            Violations{at("lib/low/c.h") + ":4: longer than 3 lines: split it by meaning"});
  EXPECT_TRUE(long_files({library()}, 3, {at("lib/low/c.h")}).empty());
}

TEST_F(SpoiltTree, RoomsThatAreMissingOrNotInOrder) {
  write("rooms.cmake", "# spanlab_room(low)\n");
  EXPECT_THROW(rooms(), std::runtime_error);
  write("rooms.cmake", "spanlab_room(low USES high)\nspanlab_room(high)\n");
  EXPECT_THROW(rooms(), std::runtime_error);
}

TEST_F(SpoiltTree, TableOfRooms) {
  write("ARCHITECTURE.md", "# Rooms\n");
  EXPECT_THROW(read_table(root_ / "ARCHITECTURE.md"), std::runtime_error);
  write(
      "ARCHITECTURE.md",
      "| room | what | may include |\n|---|---|---|\n| low | x | nothing |\n| high | x | low |\n");
  EXPECT_EQ(read_table(root_ / "ARCHITECTURE.md"), rooms());
}

}  // namespace
}  // namespace spanlab::testing
