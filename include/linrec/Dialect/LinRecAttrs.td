//===- LinRecAttrs.td - schedules as attributes ------------*- tablegen -*-===//
//
// A schedule says how one recurrence is run, never what it computes. It is a
// discardable attribute of the op (`linrec.schedule`): chosen by the pass
// linrec-schedule, or written by hand to pin a choice.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DIALECT_LINRECATTRS_TD
#define LINREC_DIALECT_LINRECATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "linrec/Dialect/LinRecOps.td"

def LinRec_CPUScheduleAttr : AttrDef<LinRec_Dialect, "CPUSchedule"> {
  let mnemonic = "cpu";
  let summary = "time serial on a CPU: lanes, registers, loops, tiles, threads";
  let description = [{
    * `lanes`: the dim in vector lanes, "" for scalar code; `width` lanes a
      vector; `vectors` of them a tile. A dim that is pointwise in the
      recurrence is tiled outside time; any other is vectorised inside a step.
    * `unroll`: dims unrolled into registers, with their extents. A run-time
      test guards an extent that is not static.
    * `inner`: dims looped inside a step, with their unroll factors.
    * `before`, `after`: parallel dims looped outside the time tile, and inside
      it but outside the lanes.
    * `tile`: steps of a time tile; 0 all, 1 one step (row order).
    * `state`: "registers" or "memory".
    * `accumulators`: partial sums of a reduction over unrolled dims.
    * `stores`: "plain" or "nontemporal"; `prefetch`: "none" or "next_tile".
    * `transposed`: numbers of the ins and outs (in the order ins, outs) that
      lie time innermost and are copied tile by tile into rows of lanes.
    * `packed`: numbers of the ins without time that are copied, once a call,
      into the order in which the steps read them.
    * `threads`: the dim cut into one range per thread, "" for one thread.

    Values marked `linrec.stage` in the body are computed ahead for a whole
    time tile, those marked `linrec.pack` once per call.

    ```mlir
    #linrec.cpu<lanes = "d", width = 16, vectors = 1, unroll = {n = 16 : i64},
      inner = {}, before = ["b"], after = [], tile = 64, state = "registers",
      accumulators = 2, stores = "plain", prefetch = "next_tile", transposed = [],
      packed = [], threads = "d">
    ```
  }];
  let parameters = (ins
    StringRefParameter<"dim in lanes">:$lanes,
    "int64_t":$width,
    "int64_t":$vectors,
    "::mlir::DictionaryAttr":$unroll,
    "::mlir::DictionaryAttr":$inner,
    "::mlir::ArrayAttr":$before,
    "::mlir::ArrayAttr":$after,
    "int64_t":$tile,
    StringRefParameter<"where states live">:$state,
    "int64_t":$accumulators,
    StringRefParameter<"how outs are stored">:$stores,
    StringRefParameter<"what is prefetched">:$prefetch,
    "::mlir::ArrayAttr":$transposed,
    "::mlir::ArrayAttr":$packed,
    StringRefParameter<"dim cut across threads">:$threads);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // LINREC_DIALECT_LINRECATTRS_TD
