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
#include "spanlab/base/text.h"              // numbers, counts and names in messages
#include "spanlab/base/version.h"           // version()
#include "spanlab/detect/detect.h"          // all detections of a series; whether it is of the kind
#include "spanlab/detect/detection_text.h"  // detections as CSV, JSON, event lines
#include "spanlab/detect/detector.h"        // Detector: its file in and out, a use of it
#include "spanlab/detect/detector_test.h"   // how well it does where spans are known
#include "spanlab/detect/live_detector.h"   // bar by bar
#include "spanlab/detect/replay.h"          // the proof that it does not repaint
#include "spanlab/document/document.h"      // Document: a report as Markdown, HTML, terminal text
#include "spanlab/facade/demo.h"            // the whole way once
#include "spanlab/facade/features.h"        // the features as tables, and explained
#include "spanlab/facade/fit_and_lab.h"     // fit_detector(), run_lab()
#include "spanlab/facade/process.h"         // kernels and failpoints by environment variables
#include "spanlab/facade/run.h"             // Run: train, resume, evaluate, diagnose; compare()
#include "spanlab/features/pipeline.h"      // the features, bar by bar
#include "spanlab/labels/candidates.h"      // stretches that may be spans, and a user's verdicts
#include "spanlab/labels/hindsight.h"       // spans by a rule that knows how it went on
#include "spanlab/labels/spans.h"           // Span: its file in and out
#include "spanlab/market/bayes_ceiling.h"   // what the best possible detector reaches on it
#include "spanlab/market/simulate.h"        // a simulated market and its own spans
#include "spanlab/metrics/label_review.h"   // what looks like a span and is not labelled
#include "spanlab/recipe/recipe.h"          // Recipe: all settings of a run
#include "spanlab/report/reports.h"         // pages and JSON of runs, fits, labs
#include "spanlab/train/pretrain.h"         // an encoder from bars without labels
#include "spanlab/windows/check.h"          // whether windows and spans fit their bars
#include "spanlab/windows/cut.h"            // windows around spans, or at equal steps
#include "spanlab/windows/labelled.h"       // Labelled: bars, windows, spans
#include "spanlab/windows/window.h"         // Window: its file in and out, what windows contain
