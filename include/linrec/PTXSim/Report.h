//===- Report.h - results as text and as JSON -------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text is for people; the JSON is the contract of linrec-ptx-run.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_REPORT_H
#define LINREC_PTXSIM_REPORT_H

#include "linrec/PTXSim/Simulator.h"

namespace linrec::ptxsim {

std::string textReport(const std::string &kernel, const SeedsResult &result);
std::string jsonReport(const std::string &kernel, const SeedsResult &result);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_REPORT_H
