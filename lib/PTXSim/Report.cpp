//===- Report.cpp - results as text and as JSON ---------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Report.h"

#include <algorithm>
#include <cstdio>

using namespace linrec::ptxsim;

static std::string number(uint64_t n) { return std::to_string(n); }

std::string linrec::ptxsim::textReport(const std::string &kernel,
                                       const SeedsResult &result) {
  std::string text =
      "kernel " + kernel + ": " + number(result.runs) +
      (result.runs == 1 ? " run, " : " runs, ") +
      number(result.findings.size()) +
      (result.findings.size() == 1 ? " finding\n" : " findings\n");
  for (const Finding &finding : result.findings)
    text += std::string(finding.isWarning() ? "warning: " : "error: ") +
            nameOf(finding.kind) + ": " + finding.message + " (seed " +
            number(finding.seed) + ", " + number(finding.count) +
            (finding.count == 1 ? " time)\n" : " times)\n");
  const Counters &c = result.counters;
  text += "instructions: " + number(c.total.thread) + " of threads, " +
          number(c.total.warp) + " of warps\n";
  std::vector<std::pair<std::string, Counters::Executed>> opcodes(
      c.byOpcode.begin(), c.byOpcode.end());
  std::sort(opcodes.begin(), opcodes.end(), [](const auto &a, const auto &b) {
    return a.second.thread != b.second.thread
               ? a.second.thread > b.second.thread
               : a.first < b.first;
  });
  for (const auto &[name, executed] : opcodes) {
    char line[160];
    std::snprintf(line, sizeof line, "  %12llu  %12llu  %s\n",
                  (unsigned long long)executed.thread,
                  (unsigned long long)executed.warp, name.c_str());
    text += line;
  }
  text += "global memory: " + number(c.loadBytes) + " bytes loaded, " +
          number(c.storeBytes) + " stored, " + number(c.requests) +
          " requests, " + number(c.sectors) + " sectors of 32 bytes, " +
          number(c.firstTouchBytes) + " bytes touched\n";
  text += "shared memory: " + number(c.wavefronts) + " wavefronts, " +
          number(c.idealWavefronts) + " without bank conflicts\n";
  text +=
      "atomics: " + number(c.atomics) + ", spins: " + number(c.spins) + "\n";
  return text;
}

static std::string quoted(const std::string &text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    if ((unsigned char)c < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      result += escape;
    } else {
      result += c;
    }
  }
  return result + "\"";
}

static std::string array(const std::array<uint32_t, 3> &a) {
  return "[" + number(a[0]) + ", " + number(a[1]) + ", " + number(a[2]) + "]";
}

static std::string executed(const Counters::Executed &e) {
  return "{\"thread\": " + number(e.thread) + ", \"warp\": " + number(e.warp) +
         "}";
}

std::string linrec::ptxsim::jsonReport(const std::string &kernel,
                                       const SeedsResult &result) {
  std::string json = "{\n  \"kernel\": " + quoted(kernel) +
                     ",\n  \"runs\": " + number(result.runs) +
                     ",\n  \"findings\": [";
  bool first = true;
  for (const Finding &f : result.findings) {
    char address[32];
    std::snprintf(address, sizeof address, "0x%llx",
                  (unsigned long long)f.address);
    json += std::string(first ? "" : ",") +
            "\n    {\"kind\": " + quoted(nameOf(f.kind)) +
            ", \"count\": " + number(f.count) +
            ", \"message\": " + quoted(f.message) +
            ", \"line\": " + number(f.line) + ", \"block\": " + array(f.block) +
            ", \"thread\": " + array(f.thread) +
            ", \"buffer\": " + quoted(f.buffer) +
            ", \"address\": " + quoted(address) +
            ", \"seed\": " + number(f.seed) + "}";
    first = false;
  }
  const Counters &c = result.counters;
  json += std::string(first ? "" : "\n  ") +
          "],\n  \"instructions\": {\"thread\": " + number(c.total.thread) +
          ", \"warp\": " + number(c.total.warp) + ",\n    \"by_opcode\": {";
  first = true;
  for (const auto &[name, e] : c.byOpcode) {
    json += std::string(first ? "" : ", ") + quoted(name) + ": " + executed(e);
    first = false;
  }
  json += "},\n    \"by_line\": {";
  first = true;
  for (const auto &[line, e] : c.byLine) {
    json += std::string(first ? "" : ", ") + "\"" + number(line) +
            "\": " + executed(e);
    first = false;
  }
  json += "}},\n  \"global\": {\"load_bytes\": " + number(c.loadBytes) +
          ", \"store_bytes\": " + number(c.storeBytes) +
          ", \"requests\": " + number(c.requests) +
          ", \"sectors\": " + number(c.sectors) +
          ", \"first_touch_bytes\": " + number(c.firstTouchBytes) +
          "},\n  \"shared\": {\"wavefronts\": " + number(c.wavefronts) +
          ", \"ideal_wavefronts\": " + number(c.idealWavefronts) +
          "},\n  \"atomics\": " + number(c.atomics) +
          ",\n  \"spins\": " + number(c.spins) + "\n}\n";
  return json;
}
