// Weight files: the bytes written, what reads back, and a gallery of damaged files.
#include "spanlab/base/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <limits>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/random.h"
#include "tests/real_data.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

class SafetensorsTest : public ::testing::Test {
 protected:
  /// Puts bytes into a file and reads it as weights.
  TensorFile read(const std::string& bytes) {
    return read_safetensors(folder_.write("file.safetensors", bytes));
  }

  /// The complaint about a file of these bytes; empty if it was accepted.
  std::string refusal(const std::string& bytes) {
    try {
      read(bytes);
    } catch (const Error& e) {
      EXPECT_FALSE(e.hint().empty());
      return e.what();
    }
    return {};
  }

  const TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_ / "file.safetensors";
};

std::string length_field(uint64_t length) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes;
}

std::string file_of(const std::string& header, size_t value_bytes) {
  return length_field(header.size()) + header + std::string(value_bytes, '\0');
}

Tensor doubles(std::string name, std::vector<int64_t> shape, const std::vector<double>& values) {
  Tensor tensor{std::move(name), Tensor::Type::f64, std::move(shape), {}};
  tensor.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * 8);
  return tensor;
}

Tensor integers(std::string name, const std::vector<int64_t>& values) {
  Tensor tensor{std::move(name), Tensor::Type::i64, {static_cast<int64_t>(values.size())}, {}};
  tensor.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * 8);
  return tensor;
}

TEST_F(SafetensorsTest, BytesAreThoseOfTheFormat) {
  const float one_two[] = {1, 2}, three[] = {3};
  write_safetensors(path_, {Tensor::from("b", {2}, one_two), Tensor::from("a", {}, three)},
                    {{"k", "v"}});
  const std::string header =
      R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
      R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  EXPECT_EQ(read_file(path_), length_field(padded.size()) + padded +
                                  std::string("\0\0\x40\x40\0\0\x80\x3f\0\0\0\x40", 12));
}

TEST_F(SafetensorsTest, RoundTrip) {
  const std::vector<float> values{
      1.5f, -0.0f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::denorm_min(),
      3,    4};
  const std::vector<Tensor> tensors{
      Tensor::from("matrix", {2, 3}, values.data()), Tensor::from("empty", {0, 7}, values.data()),
      doubles("double", {2}, {0.1, -1e300}), integers("whole", {-5, 7}),
      Tensor::from("na\"me \xc3\xa9\n", {1}, values.data())};
  const std::map<std::string, std::string> metadata{{"epoch", "10"}, {"recipe", "a = \"b\"\n"}};
  write_safetensors(path_, tensors, metadata);
  const TensorFile file = read_safetensors(path_);

  EXPECT_EQ(file.path, path_.string());
  EXPECT_EQ(file.metadata, metadata);
  ASSERT_EQ(file.tensors.size(), tensors.size());
  for (const Tensor& tensor : tensors) {
    const Tensor& found = file.get(tensor.name, tensor.shape);
    EXPECT_EQ(found.type, tensor.type);
    EXPECT_EQ(found.bytes, tensor.bytes);
  }
  // The format's own writer puts I64 before F64 before F32, then sorts by name.
  const char* order[] = {"whole", "double", "empty", "matrix", "na\"me \xc3\xa9\n"};
  for (size_t i = 0; i < file.tensors.size(); ++i) EXPECT_EQ(file.tensors[i].name, order[i]);

  EXPECT_EQ(file.get("matrix", {2, 3}).floats(), values);
  EXPECT_EQ(file.get("matrix", {2, 3}).doubles(),
            std::vector<double>(values.begin(), values.end()));
  EXPECT_EQ(file.get("double", {2}).doubles(), (std::vector{0.1, -1e300}));
  EXPECT_EQ(file.get("double", {2}).floats()[0], 0.1f);
  EXPECT_EQ(file.get("empty", {0, 7}).floats().size(), 0u);
  EXPECT_THROW(file.get("whole", {2}).floats(), Error);

  // Written again it is the same file.
  const std::string first = read_file(path_);
  write_safetensors(path_, file.tensors, file.metadata);
  EXPECT_EQ(read_file(path_), first);
}

TEST_F(SafetensorsTest, NoTensorsAndNoMetadata) {
  write_safetensors(path_, {}, {});
  EXPECT_EQ(read_file(path_), length_field(8) + "{}      ");
  EXPECT_TRUE(read_safetensors(path_).tensors.empty());
}

TEST_F(SafetensorsTest, MetadataThatIsNotUtf8IsStillWritten) {
  write_safetensors(path_, {}, {{"path", "\xff.csv"}});
  EXPECT_EQ(read_safetensors(path_).metadata.at("path"), "\xef\xbf\xbd.csv");
}

TEST_F(SafetensorsTest, HeaderNeedsNoPaddingAndNoOrder) {
  const TensorFile file = read(file_of(R"({"z":{"shape":[1],"data_offsets":[0,4],"dtype":"F32"},)"
                                       R"("a":{"dtype":"F64","data_offsets":[4,12],"shape":[1]}})",
                                       12));
  ASSERT_EQ(file.tensors.size(), 2u);
  EXPECT_EQ(file.tensors[0].name, "z");  // as in the file
}

TEST_F(SafetensorsTest, GetNamesFileTensorAndShapes) {
  const float value = 1;
  write_safetensors(path_, {Tensor::from("w", {1}, &value)}, {});
  const TensorFile file = read_safetensors(path_);
  EXPECT_EQ(file.find("v"), nullptr);
  try {
    file.get("v", {1});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()), path_.string() + " has no tensor \"v\"");
  }
  try {
    file.get("w", {384, 96});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()),
              path_.string() + ": tensor \"w\" has the shape [1], but the model needs [384, 96]");
  }
}

TEST_F(SafetensorsTest, GoldenFileOfTheReferenceImplementation) {
  const std::string golden = test::unpacked(test::kSmallJade);
  const TensorFile file = read(golden);
  EXPECT_EQ(file.tensors.size(), 149u);
  EXPECT_EQ(file.get("input.features", {5, 105, 12}).type, Tensor::Type::f32);
  EXPECT_EQ(file.get("param.lstm.weight_ih_l0", {128, 12}).count(), 1536);
  EXPECT_EQ(file.get("target.type", {5}).type, Tensor::Type::i64);
  EXPECT_EQ(file.get("loss.total", {1}).doubles().size(), 1u);
  EXPECT_NEAR(file.get("param.log_sigma_ptr", {1}).floats()[0], -0.3f, 1e-7);
  // Its writer and ours agree in every byte.
  write_safetensors(path_, file.tensors, file.metadata);
  EXPECT_TRUE(read_file(path_) == golden);
}

// One tensor "a" of 2 F32 values, its description replaced.
std::string one_tensor(const std::string& description) {
  return file_of("{\"a\":{" + description + "}}", 8);
}

TEST_F(SafetensorsTest, DamagedFilesAreRefused) {
  const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  const std::string good = file_of("{" + a + "}", 8);
  ASSERT_EQ(refusal(good), "");

  const std::string deep(100'000, '[');
  const struct {
    std::string bytes, message;
  } cases[] = {
      {"", "0 bytes are too few"},
      {good.substr(0, 7), "7 bytes are too few"},
      {good.substr(0, 8), "only 0 follow"},
      {good.substr(0, 30), "but only 22 follow"},
      {good.substr(0, good.size() - 1), "ends at byte 8, but there are only 7 bytes"},
      {good + "x", "1 bytes follow the last tensor"},
      {length_field(0) + good.substr(8), "does not start with"},
      {length_field(good.size()) + good.substr(8), "should have"},
      {length_field(100'000'000'000) + good.substr(8), "not a safetensors file"},
      {length_field(~uint64_t{0}) + good.substr(8), "not a safetensors file"},
      {"timestamp,open,high,low,close", "not a safetensors file"},
      {length_field(100'000'000) + good.substr(8), "header should have 100000000 bytes"},
      {file_of("[1]", 0), "does not start with"},
      {file_of(" {}", 0), "does not start with"},
      {file_of("{", 0), "not valid JSON"},
      {file_of("{\"a\"}", 0), "not valid JSON"},
      {file_of("{}x", 0), "not valid JSON"},
      {file_of(std::string("{}\0", 3), 0), "not valid JSON"},
      {file_of("{\"\xff\":{}}", 0), "not valid JSON"},
      {file_of("{\"a\":" + deep, 0), "nested too deeply"},
      {file_of(R"({"a":{"b":{"c":{"d":{}}}}})", 0), "nested too deeply"},
      {file_of("{" + a + "," + a + "}", 8), "has \"a\" twice"},
      {one_tensor(R"("dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8])"),
       "has \"dtype\" twice"},
      {file_of(R"({"__metadata__":{},"__metadata__":{}})", 0), "has \"__metadata__\" twice"},
      {file_of(R"({"__metadata__":{"k":1}})", 0), "metadata \"k\" is not text"},
      {file_of(R"({"__metadata__":{"k":{"l":"m"}}})", 0), "metadata \"k\" is not text"},
      {file_of(R"({"__metadata__":["k"]})", 0), "__metadata__ is not an object"},
      {file_of(R"({"a":[]})", 0), "needs exactly dtype, shape and data_offsets"},
      {one_tensor(R"("dtype":"F32","shape":[2])"), "needs exactly dtype"},
      {one_tensor(R"("shape":[2],"data_offsets":[0,8])"), "needs exactly dtype"},
      {one_tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1)"),
       "needs exactly dtype"},
      {one_tensor(R"("dtype":"BF16","shape":[4],"data_offsets":[0,8])"), "unknown dtype \"BF16\""},
      {one_tensor(R"("dtype":"f32","shape":[2],"data_offsets":[0,8])"), "unknown dtype \"f32\""},
      {one_tensor(R"("dtype":32,"shape":[2],"data_offsets":[0,8])"), "dtype is not text"},
      {one_tensor(R"("dtype":"F32","shape":2,"data_offsets":[0,8])"), "shape is not a list"},
      {one_tensor(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"), "contains \"-2\""},
      {one_tensor(R"("dtype":"F32","shape":[2.0],"data_offsets":[0,8])"), "contains \"2.0\""},
      {one_tensor(R"("dtype":"F32","shape":["2"],"data_offsets":[0,8])"), "which is not a size"},
      {one_tensor(R"("dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8])"),
       "which is not a size"},
      {one_tensor(R"("dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8])"),
       "which is not a size"},
      {one_tensor(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"), "cannot have 8 bytes"},
      {one_tensor(R"("dtype":"F64","shape":[2],"data_offsets":[0,8])"), "cannot have 8 bytes"},
      {one_tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,7])"), "cannot have 7 bytes"},
      {one_tensor(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8])"),
       "cannot have 8 bytes"},
      {one_tensor(R"("dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8])"),
       "cannot have 8 bytes"},  // 2^62 + 2 values are 8 bytes modulo 2^64
      {one_tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0])"), "two data_offsets"},
      {one_tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8,8])"), "two data_offsets"},
      {one_tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), "two data_offsets"},
      {one_tensor(R"("dtype":"F32","shape":[2],"data_offsets":[-8,0])"), "which is not a size"},
      {one_tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,16])"), "only 8 bytes of values"},
      {file_of("{" + a + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8),
       "begins at byte 0, but the one before it ends at 8"},
      {file_of("{" + a + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12),
       "begins at byte 4, but the one before it ends at 8"},
      {file_of("{" + a + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}})", 20),
       "begins at byte 12, but the one before it ends at 8"},
      {file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12),
       "begins at byte 4, but the one before it ends at 0"},
  };
  for (const auto& c : cases) {
    const std::string message = refusal(c.bytes);
    EXPECT_NE(message.find(c.message), std::string::npos)
        << "message: " << message << "\nmissing: " << c.message;
    EXPECT_EQ(message.rfind(path_.string(), 0), 0u) << message;
  }
}

TEST_F(SafetensorsTest, AnyByteMayBeWrong) {
  const float values[] = {1, 2};
  write_safetensors(path_, {Tensor::from("a", {2}, values), integers("b", {3})}, {{"k", "v"}});
  const std::string good = read_file(path_);
  RandomStream random(1, Purpose::market);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string bytes = good;
    bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    if (random.below(4) == 0) bytes.resize(random.below(bytes.size()));
    refused += !refusal(bytes).empty();  // refused or not, no crash
  }
  EXPECT_GT(refused, 500);
}

TEST_F(SafetensorsTest, MissingFileAndFolderAreRefused) {
  EXPECT_THROW(read_safetensors(folder_ / "none"), Error);
  EXPECT_THROW(read_safetensors(folder_.path()), Error);
}

TEST_F(SafetensorsTest, AFailedWriteLeavesNothing) {
  const float value = 1;
  EXPECT_THROW(write_safetensors(folder_ / "none/file", {Tensor::from("w", {1}, &value)}, {}),
               Error);
  EXPECT_EQ(folder_.entries(), 0u);
}

}  // namespace
}  // namespace spanlab
