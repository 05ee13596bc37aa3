# Runs examples/train_from_csv on a market that the program makes up, and looks for what it promises.
# Defines: program (spanlab), example (train_from_csv), scratch (a folder of its own).
file(REMOVE_RECURSE ${scratch})
file(MAKE_DIRECTORY ${scratch})

function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${scratch} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN} ended with ${status}: ${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run(${program} bars simulate --bars 6000 --out bars.csv --spans spans.csv)
run(${program} windows cut --bars bars.csv --spans spans.csv --count 20 --out windows.csv)
run(${example} bars.csv windows.csv run 10)
if(NOT output MATCHES "epoch  10  validation loss [0-9.]+" OR NOT output MATCHES "all records in run")
  message(FATAL_ERROR "unexpected output: ${output}")
endif()
foreach(file epoch_metrics.csv checkpoint_epoch_10.safetensors best_model.safetensors metadata.json)
  if(NOT EXISTS ${scratch}/run/${file})
    message(FATAL_ERROR "the run folder has no ${file}")
  endif()
endforeach()

execute_process(COMMAND ${example} none.csv windows.csv other WORKING_DIRECTORY ${scratch}
                RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 1 OR NOT output MATCHES "^error: .*hint: ")
  message(FATAL_ERROR "a missing file ended with ${status}: ${output}")
endif()
