# Libraries from the distribution; ARCHITECTURE.md says what each is for.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(PkgConfig REQUIRED)
pkg_check_modules(hwy REQUIRED IMPORTED_TARGET libhwy)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)

# The chart library of HTML reports, a text file.
find_file(SPANLAB_CHART_JS NAMES chart.min.js
          PATHS /usr/share/javascript/chart.js /usr/local/share/javascript/chart.js
          NO_DEFAULT_PATH
          DOC "chart.min.js of Chart.js 3")
if(NOT SPANLAB_CHART_JS)
  message(FATAL_ERROR "chart.min.js of Chart.js 3 was not found: install the package "
                      "libjs-chart.js, or name the file with -D SPANLAB_CHART_JS=FILE")
endif()

# What a room names in spanlab_room(... NEEDS ...), as targets.
set(SPANLAB_LIBRARY_fmt fmt::fmt)
set(SPANLAB_LIBRARY_json nlohmann_json::nlohmann_json)
set(SPANLAB_LIBRARY_toml tomlplusplus::tomlplusplus)
set(SPANLAB_LIBRARY_zlib ZLIB::ZLIB)
set(SPANLAB_LIBRARY_xxhash PkgConfig::xxhash)
set(SPANLAB_LIBRARY_hwy PkgConfig::hwy)
set(SPANLAB_LIBRARY_eigen Eigen3::Eigen)
