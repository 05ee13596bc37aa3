# Runs every example on a market that the program makes up, and looks for what it promises.
# Defines: program (spanlab), examples (their folder), scratch (a folder of its own).
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

# says(TEXT...): the output of the last run matches every expression.
function(says)
  foreach(expression ${ARGN})
    if(NOT output MATCHES "${expression}")
      message(FATAL_ERROR "no ${expression} in: ${output}")
    endif()
  endforeach()
endfunction()

run(${program} bars simulate --bars 6000 --out bars.csv --spans spans.csv)
run(${program} windows cut --bars bars.csv --spans spans.csv --count 20 --out windows.csv)

run(${examples}/train_and_diagnose bars.csv windows.csv run 10)
says("epoch  10 of 10  validation loss [0-9.]+  span F1 [0-9.]+" "\nweights [0-9a-f]+"
     "\n[A-Z][0-9]+ +[A-Z][a-z]")
foreach(file epoch_metrics.csv checkpoint_epoch_10.safetensors best_model.safetensors metadata.json)
  if(NOT EXISTS ${scratch}/run/${file})
    message(FATAL_ERROR "the run folder has no ${file}")
  endif()
endforeach()

run(${examples}/fit_and_detect bars.csv windows.csv spans.csv fitted 2)
says("\n   16  [ 0-9.]+\n" "\n[0-9]+ spans in 6000 bars")
run(${examples}/live_detection fitted/detector.safetensors bars.csv)
run(${examples}/try_remedies bars.csv windows.csv lab 2)
says("baseline and options\n" "\nbaseline +[0-9.]+ " "no-countdown .*(helps|hurts|no evidence)")
if(NOT EXISTS ${scratch}/lab/lab.html)
  message(FATAL_ERROR "the lab has no page")
endif()
run(${examples}/data_from_arrays from_arrays)
says("return_1 of bar 499: -?[0-9.]+" "[0-9]+ windows, [0-9]+ spans, F1 [0-9.]+ on [0-9]+ valid")

execute_process(COMMAND ${examples}/train_and_diagnose none.csv windows.csv other
                WORKING_DIRECTORY ${scratch} RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 1 OR NOT output MATCHES "^error: .*hint: ")
  message(FATAL_ERROR "a missing file ended with ${status}: ${output}")
endif()

# Detection alone is small: nothing of training is in it.
execute_process(COMMAND strip -o ${scratch}/live ${examples}/live_detection
                COMMAND_ERROR_IS_FATAL ANY)
file(SIZE ${scratch}/live bytes)
if(bytes GREATER 2000000)
  message(FATAL_ERROR "live_detection has ${bytes} bytes")
endif()
