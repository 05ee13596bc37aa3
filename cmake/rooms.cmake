# The rooms of the library in the order in which they stand on each other, each with the rooms and
# the third-party libraries that its files include. This is the one declaration: the build links and
# the tests check by it, and the table in ARCHITECTURE.md must say the same.

# spanlab_room(NAME [USES ROOM...] [NEEDS LIBRARY...])
macro(spanlab_room name)
  cmake_parse_arguments(room "" "" "USES;NEEDS" ${ARGN})
  list(APPEND SPANLAB_ROOMS ${name})
  set(SPANLAB_${name}_USES ${room_USES})
  set(SPANLAB_${name}_NEEDS ${room_NEEDS})
endmacro()

spanlab_room(base NEEDS fmt json toml zlib xxhash)
spanlab_room(bars USES base NEEDS fmt)
spanlab_room(features USES base bars)
spanlab_room(labels USES base bars NEEDS fmt)
spanlab_room(windows USES base bars features labels NEEDS fmt)
spanlab_room(kernels USES base NEEDS hwy)
spanlab_room(crf USES kernels)
spanlab_room(model USES base kernels crf)
spanlab_room(loss USES base crf NEEDS fmt eigen)
spanlab_room(recipe USES base features windows model loss)
spanlab_room(runs USES base NEEDS fmt json)
spanlab_room(metrics USES base bars labels windows NEEDS fmt eigen)
spanlab_room(market USES base bars labels metrics NEEDS fmt eigen)
spanlab_room(train USES base bars windows kernels model loss recipe runs metrics
             NEEDS fmt)
spanlab_room(evaluate USES base labels windows model recipe runs metrics train
             NEEDS fmt)
spanlab_room(diagnose USES base labels windows model loss recipe runs metrics evaluate
             NEEDS fmt json)
spanlab_room(detect USES base bars features labels windows model recipe metrics
             NEEDS fmt json)
spanlab_room(fit USES base bars windows metrics train evaluate detect NEEDS fmt)
spanlab_room(lab USES base recipe metrics train evaluate diagnose NEEDS fmt)
spanlab_room(document NEEDS fmt json)
spanlab_room(report USES base metrics evaluate diagnose detect fit lab document
             NEEDS fmt json)
spanlab_room(facade USES base bars features windows kernels recipe runs metrics market train
             evaluate diagnose detect fit lab document report
             NEEDS fmt)
