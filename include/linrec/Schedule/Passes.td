//===- Passes.td - choosing schedules ----------------------*- tablegen -*-===//

#ifndef LINREC_SCHEDULE_PASSES_TD
#define LINREC_SCHEDULE_PASSES_TD

include "mlir/Pass/PassBase.td"

def SchedulePass : Pass<"linrec-schedule"> {
  let summary = "Choose how each recurrence is run";
  let description = [{
    Attaches a schedule (`linrec.schedule`) to every recurrence that has none,
    and marks the values of its body that are staged or packed. It never
    changes a value. Extents that are not static are taken from the argument
    attribute `linrec.extents`; they choose, the code stays right for others.
    A schedule that is there already is a pin: it is verified and kept.

    ```mlir
    linrec.recurrence dims(t, d) time(t) ...
    // ==>
    linrec.recurrence dims(t, d) time(t) ...
        attributes {linrec.schedule = #linrec.cpu<lanes = "d", ...>}
    ```
  }];
  let options = [
    Option<"vectorBytes", "vector-bytes", "int64_t", /*default=*/"64",
           "Bytes of a vector register of the target (16, 32, 64)">,
    Option<"registers", "registers", "int64_t", /*default=*/"32",
           "Vector registers of the target">,
    Option<"threads", "threads", "int64_t", /*default=*/"0",
           "Threads to plan for; 0: as many as there are at run time">,
  ];
}

#endif // LINREC_SCHEDULE_PASSES_TD
