// spanlab: finds out why a span detector does not learn, and turns it into one that does. This is
// the library's one door; everything that the program does goes through it.
//
// Intended usage:
//
//   using namespace spanlab;
//   Labelled data = read_labelled({"bars.csv", "windows.csv"}, kWindowLength);   // or from arrays
//
//   1. Train, and see why it fails.
//      Run run = Run::train(Recipe(), data, "runs/a");
//      for (const Finding& f : run.diagnose().findings) ...          // in order of cause
//
//   2. Try the remedies, and see which help.
//      LabConfig config;
//      config.folder = "runs/lab";
//      LabResult lab = run_lab(config, data);
//
//   3. Make a detector.
//      FitConfig fit;
//      fit.recipe = recommended_recipe();
//      fit.folder = "runs/detector";
//      Detector detector = fit_detector(fit, data).detector;
//      write_detector("detector.safetensors", detector);
//
//   4. Find spans, in a series or bar by bar.
//      detect(detector, data.bars, detector.default_delay).detections
//      LiveDetector live(detector, ...);  live.push(bar, events);
//
// Conventions. Data in, data out: readers make data of files or of bytes in memory, functions take
// data; only what must outlive the program (runs, fits, labs) has a folder. Bad input raises Error:
// what is wrong, where, and a hint. Whatever takes longer than a second takes a Job: threads, a
// stop token, a progress callback; stopped, it throws Stopped. Results are the same bits for any
// number of threads, and after a stop and another call.
#pragma once

#include "spanlab/bars/bars.h"              // Bar, Bars
#include "spanlab/bars/check.h"             // what to know about bars before trusting them
#include "spanlab/bars/csv_bars.h"          // bars from CSV files or bytes, and back
#include "spanlab/bars/resample.h"          // longer bars from shorter ones
#include "spanlab/bars/timestamps.h"        // times and durations as text
#include "spanlab/base/error.h"             // Error
#include "spanlab/base/job.h"               // Job, Progress, Stopped
#include "spanlab/base/settings.h"          // configurations as lists of named settings
#include "spanlab/base/version.h"           // version()
#include "spanlab/detect/detect.h"          // all detections of a series
#include "spanlab/detect/detection_text.h"  // detections as CSV, JSON, event lines
#include "spanlab/detect/detector.h"        // Detector: its file in and out
#include "spanlab/detect/detector_test.h"   // how well it does where spans are known
#include "spanlab/detect/detector_use.h"    // delay, threshold and shortest span of a use
#include "spanlab/detect/input_check.h"     // whether bars are of the kind it was trained on
#include "spanlab/detect/live_detector.h"   // bar by bar
#include "spanlab/detect/replay.h"          // the proof that it does not repaint
#include "spanlab/document/document.h"      // Document: a report as Markdown, HTML, terminal text
#include "spanlab/facade/run.h"             // Run: train, resume, evaluate, diagnose; compare()
#include "spanlab/features/pipeline.h"      // the features, bar by bar
#include "spanlab/fit/fit.h"                // fit_detector()
#include "spanlab/lab/lab.h"                // run_lab()
#include "spanlab/labels/candidates.h"      // stretches that may be spans, and a user's verdicts
#include "spanlab/labels/hindsight.h"       // spans by a rule that knows how it went on
#include "spanlab/labels/spans.h"           // Span: its file in and out
#include "spanlab/market/simulate.h"        // a simulated market
#include "spanlab/market/true_spans.h"      // and its own spans
#include "spanlab/recipe/recipe.h"          // Recipe: all settings of a run
#include "spanlab/report/fit_report.h"      // pages of a fit and of a detector's test
#include "spanlab/report/lab_report.h"      // page and JSON of a lab
#include "spanlab/train/pretrain.h"         // an encoder from bars without labels
#include "spanlab/windows/cut.h"            // windows around spans
#include "spanlab/windows/labelled.h"       // Labelled: bars, windows, spans
#include "spanlab/windows/summary.h"        // what windows contain
#include "spanlab/windows/tile.h"           // windows at equal steps
#include "spanlab/windows/window_file.h"    // windows from CSV files or bytes, and back
